"""The naming rules of DESIGN.md, section 5, one by one, and the promise behind them: no two inputs, one output."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.errors import UsageError
from flows.inputs import Plan, plan


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def make(*names: str) -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def names(*inputs: str, one_document: bool = False) -> list[str]:
    return [document.name for document in found(*inputs, one_document=one_document).documents]


def found(*inputs: str, one_document: bool = False) -> Plan:
    return plan([Path(path) for path in inputs], Path("out"), one_document)


@pytest.mark.usefixtures("tree")
class TestNames:
    def test_file_given_by_itself_lands_directly_in_the_output_folder(self) -> None:
        make("深/处/扫描.pdf")
        assert names("深/处/扫描.pdf") == ["扫描"]

    def test_folder_tree_is_mirrored(self) -> None:
        make("in/a.pdf", "in/甲局/b.tif", "in/甲局/c/d.PNG")
        assert names("in") == ["a", "甲局/b", "甲局/c/d"]

    def test_same_stem_in_one_folder_keeps_the_suffix(self) -> None:
        make("in/scan.pdf", "in/scan.tif", "in/other.pdf")
        assert names("in") == ["other", "scan.pdf", "scan.tif"]

    def test_same_stem_keeps_the_suffix_also_when_only_one_is_given(self) -> None:
        make("in/scan.pdf", "in/scan.tif")
        assert names("in/scan.pdf") == ["scan.pdf"]

    def test_name_that_looks_like_another_with_its_suffix(self) -> None:
        make("in/scan.pdf", "in/scan.tif", "in/scan.pdf.pdf")
        assert sorted(names("in")) == ["scan.pdf", "scan.pdf.pdf", "scan.tif"]

    def test_dots_in_a_name_are_not_suffixes(self) -> None:
        make("in/2023.12.甲局.pdf")
        assert names("in") == ["2023.12.甲局"]

    def test_files_keep_as_much_of_their_path_as_tells_them_apart(self) -> None:
        make("x/a/s.pdf", "y/a/s.pdf", "b/s.pdf", "c/t.pdf")
        assert names("x/a/s.pdf", "y/a/s.pdf", "b/s.pdf", "c/t.pdf") == ["x/a/s", "y/a/s", "b/s", "t"]

    def test_suffix_does_not_make_outputs_of_two_folders_unique(self) -> None:
        make("a/s.pdf", "b/s.tif")
        assert names("a/s.pdf", "b/s.tif") == ["a/s", "b/s"]

    def test_folders_that_clash_keep_their_names(self) -> None:
        make("p/q/s.pdf", "p/r.pdf", "z/q/s.pdf")
        assert names("p", "z") == ["p/r", "p/q/s", "z/q/s"]

    def test_path_with_dots_in_it_is_the_same_input(self) -> None:
        make("a/s.pdf")
        assert names("a/s.pdf", "./a/../a/s.pdf", "a") == ["s"]

    def test_volume_numbers_avoid_other_documents(self) -> None:
        make("in/scan.pdf", "in/scan#1.pdf", "in/other.pdf")
        volumes = {document.name: document.volume for document in found("in").documents}
        assert volumes == {"other": "other#", "scan": "scan##", "scan#1": "scan#1#"}


@pytest.mark.usefixtures("tree")
class TestFolders:
    def test_numbered_images_are_one_document_in_the_order_of_their_numbers(self) -> None:
        make("in/卷/p10.png", "in/卷/p2.png", "in/卷/p1.png")
        (document,) = found("in").documents
        assert document.name == "卷"
        assert [path.name for path in document.paths] == ["p1.png", "p2.png", "p10.png"]

    def test_page_folder_given_by_itself_is_named_after_itself(self) -> None:
        make("卷/1.png", "卷/2.png")
        assert names("卷") == ["卷"]
        assert names("卷/") == ["卷"]

    def test_page_folder_beside_a_file_of_its_name(self) -> None:
        make("in/s/1.png", "in/s/2.png", "in/s.pdf")
        assert sorted(names("in")) == ["s", "s.pdf"]

    @pytest.mark.parametrize(
        "files",
        [
            pytest.param(("1.png", "2.pdf"), id="not-all-images"),
            pytest.param(("a1.png", "b2.png"), id="two-stems"),
            pytest.param(("a.png", "b.png"), id="no-numbers"),
            pytest.param(("2021.png", "2022.png"), id="years-are-reports"),
            pytest.param(("a1.png",), id="a-single-image"),
        ],
    )
    def test_other_folders_are_not_one_document(self, files: tuple[str, ...]) -> None:
        make(*(f"in/{name}" for name in files))
        assert len(found("in").documents) == len(files)

    def test_one_document_forces_it(self) -> None:
        make("in/teil a.pdf", "in/b.png", "in/sub/c.pdf")
        documents = found("in", one_document=True).documents
        assert [(document.name, len(document.paths)) for document in documents] == [("in", 2), ("sub", 1)]

    def test_one_document_is_about_folders(self) -> None:
        make("a.pdf")
        with pytest.raises(UsageError):
            found("a.pdf", one_document=True)

    def test_hidden_files_are_passed_over_and_unsupported_ones_reported(self) -> None:
        make("in/.hidden.pdf", "in/.git/x.pdf", "in/a.docx", "in/b.pdf", "in/noname")
        result = found("in")
        assert [document.name for document in result.documents] == ["b"]
        assert [path.name for path, _ in result.skipped] == ["a.docx", "noname"]

    def test_unsupported_file_given_by_itself_is_a_document_that_will_fail(self) -> None:
        make("a.docx")
        assert names("a.docx") == ["a"]

    def test_missing_input_is_a_failure(self) -> None:
        make("a.pdf")
        result = found("nowhere.pdf", "a.pdf")
        assert [(str(path), error.code) for path, error in result.failed] == [("nowhere.pdf", "missing_file")]
        assert len(result.documents) == 1

    def test_links_to_folders_are_not_followed(self) -> None:
        make("in/a.pdf")
        Path("in/loop").symlink_to(Path("in").resolve(), target_is_directory=True)
        result = found("in")
        assert [document.name for document in result.documents] == ["a"]
        assert [path.name for path, _ in result.skipped] == ["loop"]

    def test_link_to_a_file_is_an_input_of_its_own(self) -> None:
        make("in/a.pdf")
        Path("in/b.pdf").symlink_to("a.pdf")
        Path("in/broken.pdf").symlink_to("gone.pdf")
        assert names("in") == ["a", "b", "broken"]

    def test_own_results_are_not_read_again(self) -> None:
        make("in/a.pdf", "in/out/a.json", "in/a.overlay/page-001.png", "in/out/b.pdf")
        assert [d.name for d in plan([Path("in")], Path("in/out")).documents] == ["a"]
        beside = plan([Path("in")], Path("in"))
        assert [document.name for document in beside.documents] == ["a", "out/b"]
        assert beside.skipped == ()


STEMS = st.sampled_from(("s", "s.pdf", "s#1", "s#", "t", "1", "2"))
FILES = st.tuples(
    st.lists(st.sampled_from(("a", "b", "s", "s.pdf")), max_size=2).map(tuple),
    STEMS,
    st.sampled_from((".pdf", ".tif", ".png", "", ".dat")),
)
PICKS = st.lists(st.integers(0, 40), min_size=1, max_size=5)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(FILES, min_size=1, max_size=8), picks=PICKS)
def test_no_two_inputs_share_an_output(
    files: list[tuple[tuple[str, ...], str, str]], picks: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for above, stem, suffix in files:
        path = root.joinpath("in", *above, stem + suffix)
        if not any(parent.is_file() for parent in path.parents) and not path.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    places = sorted(root.rglob("*"))
    documents = plan([places[pick % len(places)] for pick in picks], root / "out").documents
    outputs = Counter(document.name for document in documents)
    outputs.update(f"{document.volume}{number}" for document in documents for number in range(1, 13))
    assert max(outputs.values(), default=1) == 1
    assert all(".." not in document.name.split("/") for document in documents)
