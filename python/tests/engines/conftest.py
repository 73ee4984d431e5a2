import pytest

import kanwu

TEXTS = ["由县县政府组织实施。", "一切都好。", "统筹发展 and 安全，坚持改革 and 开放。"] * 20


@pytest.fixture
def texts():
    return list(TEXTS)


@pytest.fixture
def expected():
    """Errors and warnings, and scores, of the texts."""
    told = [len(kanwu.check(text)) for text in TEXTS]
    scores = [round(kanwu.score(text).value, 3) for text in TEXTS]
    return told, scores
