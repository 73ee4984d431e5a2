let data;
function language(to) {
  ui = to === 'zh' ? 1 : 0;
  document.documentElement.dataset.ui = to;
  document.documentElement.lang = ui ? 'zh-Hans' : 'en';
  document.title = 'kanwu: ' + t('page');
}
async function start() {
  language(navigator.language.startsWith('zh') ? 'zh' : 'en');
  data = await load();
  for (const node of document.querySelectorAll('.js')) node.hidden = false;
  restore();
  startFindings();
  startDocuments();
  startReview();
  $('language').addEventListener('click', () => {
    language(ui ? 'en' : 'zh');
    labelFindings();
    filterFindings();
    filterDocuments();
    tally();
    showCard();
  });
  document.documentElement.dataset.ready = Math.round(performance.now());
}
start();
