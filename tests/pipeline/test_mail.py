"""Mail to units and to the person in charge of secrets, against a real SMTP server on loopback."""

import email
import email.policy
import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from pipeline import config as settings
from pipeline.errors import ConfigError
from pipeline.feedback.mail import Postman
from pipeline.session import run_once
from tests.pipeline.offices import bring, open_office
from tests.pipeline.test_feedback import BAD, SECRET, WHEN
from tests.pipeline.tls import certificate

MAIL = """
[newsroom]
security_contact = "mat@example.vn"
[mail]
host = "127.0.0.1"
port = {port}
from = "bantin@example.vn"
starttls = false
[mail.units]
xa-00145 = "vanthu@example.vn"
"""


class Box:
    """What an SMTP server took; `refuse` makes it say no."""

    def __init__(self):
        self.mails, self.refuse = [], False

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.refuse:
            return "451 try later"
        self.mails.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 OK"


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def server(box):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


@pytest.fixture
def office(tmp_path, root, server, pictures):
    bring(root, tmp_path, "xa-00145")
    return open_office(tmp_path, more=MAIL.format(port=server), pictures=pictures)


@pytest.fixture
def folder(office):
    return office.content / "xa-00145"


def test_one_mail_tells_all_that_is_new_and_never_again(office, folder, box, now):
    """Grouped by unit; the same edition with the same findings is not mailed twice."""
    (folder / "hong.md").write_text(BAD, encoding="utf-8")
    (folder / "hong-2.md").write_text(BAD, encoding="utf-8")
    run_once(office, lambda: now)
    run_once(office, lambda: now)

    assert [["vanthu@example.vn"]] == [to for to, _mail in box.mails]
    mail = box.mails[0][1]
    body = mail.get_content()
    assert "2" in mail["Subject"] and "Phường Long Biên" in mail["Subject"]
    assert "utf-8" == mail.get_content_charset()
    assert body.count("META006") == 2 and "dòng 5" in body and "KET-QUA.html" in body
    assert "auto-generated" == mail["Auto-Submitted"]


def test_a_file_that_was_touched_but_says_the_same_is_not_mailed_again(office, folder, box, now):
    """A new edition with findings is."""
    file = folder / "hong.md"
    file.write_text(BAD, encoding="utf-8")
    run_once(office, lambda: now)
    file.touch()
    run_once(office, lambda: now)
    assert 1 == len(box.mails)
    file.write_text(BAD + " khác", encoding="utf-8")
    run_once(office, lambda: now)

    assert 2 == len(box.mails)


def test_a_mail_that_the_server_refused_is_tried_again(office, folder, box, now):
    """The run says so and goes on; the file need not change."""
    (folder / "hong.md").write_text(BAD, encoding="utf-8")
    box.refuse = True
    result = run_once(office, lambda: now)
    assert ([], 1, 1) == (box.mails, len(result.warnings), len(result.items))
    box.refuse = False
    run_once(office, lambda: now)

    assert 1 == len(box.mails)


def test_a_server_that_is_away_stops_nothing(tmp_path, folder, now):
    """Port 1 answers nobody."""
    office = open_office(tmp_path, more=MAIL.format(port=1))
    (folder / "hong.md").write_text(BAD, encoding="utf-8")
    result = run_once(office, lambda: now)

    assert (1, 1) == (len(result.warnings), len(result.items))


def test_the_person_in_charge_of_secrets_gets_the_path_and_nothing_else(office, folder, box, now):
    """Neither mail quotes the file."""
    (folder / "ke-hoach.md").write_text(SECRET, encoding="utf-8")
    run_once(office, lambda: now)
    by_address = {to[0]: mail.get_content() for to, mail in box.mails}

    assert {"vanthu@example.vn", "mat@example.vn"} == set(by_address)
    assert "xa-00145/ke-hoach.md" in by_address["mat@example.vn"]
    for body in by_address.values():
        assert "bí ẩn" not in body and "không lộ" not in body and "không được lộ" not in body


def test_a_good_file_is_no_mail(office, box, now):
    """Silence is good news."""
    run_once(office, lambda: now)

    assert [] == box.mails


def test_headers_cannot_be_injected(server):
    """Line ends in names and subjects become spaces."""
    post = Postman("127.0.0.1", server, "bantin@example.vn", "Văn phòng\r\nBcc: x@example.com", starttls=False)
    mail = post.letter("a@example.vn", "Đơn vị\r\nBcc: y@example.com\n\nx", "Thân\r\n.\r\nMAIL FROM:<z>", "k", WHEN)

    assert mail["Bcc"] is None
    assert not any("\n" in str(value) for value in mail.values())
    head = bytes(mail).split(b"\r\n\r\n")[0]
    assert not any(line.lower().startswith(b"bcc") for line in head.split(b"\r\n"))


def test_a_mail_with_a_lone_dot_arrives_whole(server, box):
    """SMTP's end mark inside a text is only text."""
    post = Postman("127.0.0.1", server, "bantin@example.vn", "Văn phòng", starttls=False)
    post.send(post.letter("a@example.vn", "Thử", "một\n.\nhai\n", "k", WHEN))

    assert "một\n.\nhai\n" == box.mails[0][1].get_content().replace("\r\n", "\n")


def test_a_server_without_tls_is_refused_when_tls_is_wanted(server):
    """No fall-back to the clear."""
    post = Postman("127.0.0.1", server, "bantin@example.vn", "Văn phòng")
    with pytest.raises(OSError):
        post.send(post.letter("a@example.vn", "Thử", "x", "k", WHEN))


@pytest.mark.parametrize("section", [
    'host = "mail.example.vn"', 'host = "mail.example.vn"\nfrom = "a b@example.vn"',
    'host = "m.example.vn"\nfrom = "a@example.vn"\nuser = "a"\nstarttls = false',
    '[mail.units]\nso-y-te = "a@example.vn\\nBcc: b@example.vn"',
])  # fmt: skip
def test_a_wrong_setting_is_told(tmp_path, section):
    """Before anything runs."""
    (tmp_path / "config.toml").write_text(f"[mail]\n{section}\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        settings.load(tmp_path / "config.toml")


def test_the_password_comes_from_the_environment_and_reaches_only_the_server(box, caplog):
    """Log in, then mail."""
    given = []

    def check(_server, _session, _envelope, mechanism, data):
        given.append((data.login, data.password))
        return AuthResult(success=True)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port, authenticator=check, auth_require_tls=False)
    controller.start()
    try:
        post = Postman(
            "127.0.0.1", port, "bantin@example.vn", "Văn phòng", starttls=False, user="bantin", password="bi-mat-1"
        )
        post.send(post.letter("a@example.vn", "Thử", "x", "k", WHEN))
    finally:
        controller.stop()

    assert [(b"bantin", b"bi-mat-1")] == given and 1 == len(box.mails)
    assert "bi-mat-1" not in caplog.text and "bi-mat-1" not in repr(post)


def test_mail_goes_through_tls_to_a_server_that_proves_its_name(box, tmp_path, monkeypatch):
    """And to no other one."""
    file, context = certificate(tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    controller.start()
    try:
        post = Postman("localhost", port, "bantin@example.vn", "Văn phòng")
        mail = post.letter("a@example.vn", "Thử", "x", "k", WHEN)
        with pytest.raises(OSError, match="certificate verify failed"):
            post.send(mail)
        monkeypatch.setenv("SSL_CERT_FILE", file)
        post.send(mail)
    finally:
        controller.stop()

    assert 1 == len(box.mails)


def test_a_missing_password_is_told_by_name(tmp_path, office, now):
    """The secret never stands in config.toml."""
    text = (
        (tmp_path / "config.toml").read_text(encoding="utf-8").replace("[mail.units]", 'user = "bantin"\n[mail.units]')
    )
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="BANTIN_MAIL_PASSWORD"):
        run_once(settings.load(tmp_path / "config.toml"), lambda: now)
