//! `kanwu learn`: the project's own wrong words.

mod support;

use support::Project;

#[test]
fn what_is_learned_is_found() {
    let project = Project::new(&[("a.txt", "他在白云山下的青石镇住了二十年。\n")]);
    assert_eq!(project.run(&["check", "a.txt"]).code, Some(0));
    let run = project.run(&["learn", "青石镇", "青石坊"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(project.read("kanwu.toml").contains("kanwu-words.toml"));
    let run = project.run(&["check", "a.txt"]);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.out.contains("青石镇 should read 青石坊"), "{}", run.out);

    project.run(&["learn", "白云山", "白云岭"]);
    assert_eq!(
        project.read("kanwu-words.tsv"),
        "wrong\tright\n青石镇\t青石坊\n白云山\t白云岭\n"
    );
    let run = project.run(&["check", "a.txt", "--fix"]);
    assert_eq!(run.code, Some(0), "{}", run.out);
    assert_eq!(project.read("a.txt"), "他在白云岭下的青石坊住了二十年。\n");
}

#[test]
fn a_configuration_with_other_packs_is_not_changed() {
    let project = Project::new(&[("kanwu.toml", "packs = [\"house.toml\"]\n")]);
    let run = project.run(&["learn", "青石镇", "青石坊"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("kanwu-words.toml"), "{}", run.err);
    assert_eq!(project.read("kanwu.toml"), "packs = [\"house.toml\"]\n");
    assert!(!project.path("kanwu-words.tsv").exists());
}

#[test]
fn a_configuration_keeps_what_it_says() {
    let project = Project::new(&[("kanwu.toml", "# ours\n[severity]\nstray-latin = \"info\"\n")]);
    let run = project.run(&["learn", "青石镇", "青石坊"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(
        project.read("kanwu.toml"),
        "packs = [\"kanwu-words.toml\"]\n# ours\n[severity]\nstray-latin = \"info\"\n"
    );
    let run = project.run(&["learn", "青", "蓝"]);
    assert_eq!(run.code, Some(2));
}
