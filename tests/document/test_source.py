import os
import socket

import pytest

from plaincrm.document.document import read_document
from plaincrm.document.source import Source, Unreadable, decode, read_bytes

FRONT = b"---\nname: Acme\n---\n"


def codes(data):
    return [fault.code for fault in read_document(data).faults]


REFUSED = {
    "UTF-16 LE with a mark": ("\ufeffname".encode("utf-16-le"), "wrong-encoding", "UTF-16"),
    "UTF-16 BE with a mark": ("\ufeffname".encode("utf-16-be"), "wrong-encoding", "UTF-16"),
    "UTF-32 with a mark": ("\ufeffname".encode("utf-32-le"), "wrong-encoding", "UTF-32"),
    "UTF-32 BE with a mark": ("\ufeffname".encode("utf-32-be"), "wrong-encoding", "UTF-32"),
    "UTF-16 without a mark": ("---\nname: Acme\n---\n".encode("utf-16-le"), "wrong-encoding", "UTF-16 or UTF-32"),
    "UTF-32 without a mark": ("---\nname".encode("utf-32-be"), "wrong-encoding", "UTF-16 or UTF-32"),
    "only NULs": (b"\0" * 4096, "only-nul-bytes", None),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "not-text", "a picture"),
    "photo": (b"\xff\xd8\xff\xe0", "not-text", "a picture"),
    "gzip": (b"\x1f\x8b\x08", "not-text", "a compressed file"),
    "zip": (b"PK\x03\x04", "not-text", "a zip file"),
    "PDF": (b"%PDF-1.7\n", "not-text", "a PDF file"),
    "git-crypt": (b"\0GITCRYPT\0abc", "not-text", "an encrypted file"),
    "age": (b"age-encryption.org/v1\n", "not-text", "an encrypted file"),
    "LFS": (b"version https://git-lfs.github.com/spec/v1\n", "not-text", "a Git LFS pointer whose content is not here"),
}


@pytest.mark.parametrize(("data", "code", "fact"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_text_is_refused_with_a_reason(data, code, fact):
    document = read_document(data)
    (found,) = document.faults
    assert found.code == code
    assert fact is None or fact in dict(found.facts).values()
    assert document.source.encode() == data
    assert "".join(document.text_of(start, end) for _, start, end in document.parts) == document.source.text


READ = {
    "byte order mark": (b"\xef\xbb\xbf" + FRONT, []),
    "CRLF": (FRONT.replace(b"\n", b"\r\n"), []),
    "no last newline": (FRONT.rstrip(), []),
    "two byte order marks": (b"\xef\xbb\xbf\xef\xbb\xbf" + FRONT, ["stray-byte-order-mark"]),
    "byte order mark inside": (FRONT + b"a\xef\xbb\xbfb", ["stray-byte-order-mark"]),
    "no UTF-8 in the text": (FRONT + b"caf\xe9", ["not-utf8-in-text"]),
    "overlong": (FRONT + b"\xc0\xaf", ["not-utf8-in-text"]),
    "CESU-8": (FRONT + b"\xed\xa0\xbd\xed\xb8\x80", ["not-utf8-in-text"]),
    "cut in a character": (FRONT + "ä".encode()[:1], ["not-utf8-in-text"]),
    "NUL in the text": (FRONT + b"a\0b", ["nul-byte-in-text"]),
    "NUL in front": (b"---\nname: A\0b\n---\n", ["nul-byte"]),
    "escape in front": (b"---\nname: A\x1b[31m\n---\n", ["control-character"]),
    "escape in the text": (FRONT + b"\x1b[31m", []),
    "line separator in front": ("---\nname: a\u2028b\n---\n".encode(), ["odd-line-separator"]),
    "separators in the text": (FRONT + "a\x0bb\x0cc\x1cd\x85e\u2028f".encode(), []),
    "lone CR": (FRONT + b"a\rb\n", ["mixed-line-ends"]),
    "CR CR LF": (FRONT + b"a\r\r\n", ["mixed-line-ends"]),
    "LF and CRLF": (FRONT + b"a\r\nb\n", ["mixed-line-ends"]),
}


@pytest.mark.parametrize(("data", "expected"), READ.values(), ids=READ)
def test_odd_bytes_are_kept_and_told(data, expected):
    assert codes(data) == expected
    assert decode(data).encode() == data


def test_a_byte_that_is_no_utf8_is_named():
    (found,) = read_document(FRONT + b"caf\xe9").faults
    assert dict(found.facts) == {"byte": "0xE9", "offset": "23", "hint": "; in Windows-1252 it is é"}
    assert (found.start, found.end) == (22, 23)


OURS_AND_THEIRS = b"<<<<<<< HEAD\n- 2026-01-01 call: ours\n=======\n- 2026-01-02 call: theirs\n>>>>>>> topic\n"


@pytest.mark.parametrize(
    ("data", "at"),
    [
        (FRONT + OURS_AND_THEIRS, 19),
        (FRONT + OURS_AND_THEIRS.replace(b"=======", b"||||||| base\n======="), 19),
        (FRONT + OURS_AND_THEIRS.replace(b"\n", b"\r\n"), 19),
        (b"---\n<<<<<<< HEAD\nname: A\n=======\nname: B\n>>>>>>> x\n---\n", 4),
        (b"---\n<<<<<<<< HEAD:a.md\nname: A\n========\nname: B\n>>>>>>>> x:b.md\n---\n", 4),
        (b"---\nname: A\n---\n<<<<<<<<<<< a\nB\n===========\nC\n>>>>>>>>>>> b\n", 16),
    ],
    ids=["body", "diff3", "CRLF", "front matter", "renamed twice", "nested"],
)
def test_conflict_markers(data, at):
    found = [fault for fault in read_document(data).faults if fault.code == "unresolved-merge"]
    assert [fault.start for fault in found] == [at]


@pytest.mark.parametrize(
    "text",
    [
        "Title\n=======\n",
        ">>>>>>> quoted seven times\n",
        "see <<<<<<< HEAD\n",
        "a | b\n|||||||\n",
        "<<<<<<<< eight\n========\n>>>>>>> seven\n",
    ],
)
def test_no_conflict_markers(text):
    assert "unresolved-merge" not in codes(FRONT + text.encode())


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("abc", 0, (1, 1)),
        ("abc", 3, (1, 4)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\rb", 2, (1, 3)),
        ("a\u2028b\x85c\nd", 4, (1, 5)),
        ("🙂b", 1, (1, 2)),
        ("\ufeffabc", 0, (1, 1)),
        ("\ufeffabc", 1, (1, 1)),
        ("\ufeffabc\nd", 5, (2, 1)),
    ],
)
def test_places_are_counted_as_editors_count_them(text, offset, place):
    assert Source(text).place(offset) == place


def test_line_of_every_offset():
    source = Source("a\n\nbc\n")
    assert [source.line_of(at) for at in range(7)] == [1, 1, 2, 3, 3, 3, 4]


def refusal(path):
    with pytest.raises(Unreadable) as caught:
        read_bytes(path)
    return caught.value.fault


def test_what_is_no_plain_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.fspath(tmp_path / "s.md"))
        assert refusal(tmp_path / "s.md").code == "unreadable-file"
    assert refusal(tmp_path / "pipe.md").code == "not-a-file"
    assert refusal(tmp_path / "folder.md").code == "not-a-file"
    assert refusal("/dev/zero").code == "not-a-file"
    assert dict(refusal(tmp_path / "missing.md").facts) == {"reason": "No such file or directory"}


def test_a_file_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "large.md"
    with path.open("wb") as stream:
        stream.truncate(3 * 1024**3)  # sparse
    assert dict(refusal(path).facts) == {"size": "3,072 MiB", "limit": "16 MiB"}


def test_bytes_are_read_as_they_are(tmp_path):
    data = b"\xef\xbb\xbfa\r\nb\rc\n\0\xff"
    (tmp_path / "a.md").write_bytes(data)
    assert read_bytes(tmp_path / "a.md") == data
