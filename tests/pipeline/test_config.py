"""Settings: every key typed and checked, one clear message each."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline import config
from pipeline.errors import ConfigError
from pipeline.rules import RULES


def load(tmp_path, text):
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    return config.load(tmp_path / "config.toml")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[portal]\nbase_ulr = 'x'", "[portal] base_ulr"),
        ("[portal]\nbase_url = 'cchc'", "[portal] base_url = 'cchc'"),
        ("[portal]\npage_size = '12'", "[portal] page_size = '12'"),
        ("[newsroom]\ntimezone = 'Hanoi'", "[newsroom] timezone = 'Hanoi'"),
        ("[simulator]\nhost = '0.0.0.0'", "[simulator] host = '0.0.0.0'"),
        ("[channels.facebook]\nversion = '26'", "[channels.facebook] version = '26'"),
        ("[portal]\ntarget = 'wordpress'", "[portal] target = 'wordpress'"),
        ("[portal]\ntarget = 'joomla'", "[portal] target = 'joomla'"),
        ("[channels.wordpress]\nbase_url = 'http://cms.example.vn'", "[channels.wordpress] base_url"),
        ("[channels.wordpress]\nbase_url = 'https://u:p@cms.example.vn'", "[channels.wordpress] base_url"),
        ("[desk]\nhost = 'may-chu'", "[desk] host = 'may-chu'"),
        ("[desk]\nhost = '0.0.0.0'", "public_url"),
        ("[desk]\npublic_url = 'https://x/y'", "[desk] public_url = 'https://x/y'"),
        ("[desk.oidc]\nissuer = 'http://sso.example'", "[desk.oidc] issuer = 'http://sso.example'"),
        ("[desk.oidc]\nissuer = 'https://sso.example'", "client_id"),
        ("[desk.oidc]\npassword_page = 'javascript:alert(1)'", "[desk.oidc] password_page"),
        ("[desk.oidc]\npassword_page = 'http://sso.example/'", "[desk.oidc] password_page"),
        ("[portal.deploy]\nto = 'sftp://web:mat-khau@may-chu/srv'", "[portal.deploy] to"),
        ("[portal.deploy]\nto = 'ftp://may-chu/srv'", "[portal.deploy] to = 'ftp://may-chu/srv'"),
        ("[portal.deploy]\nendpoint = 'http://s3.example.vn'", "https"),
        ("[portal.deploy]\nto = 's3://cchc'\n[delivery]\ncheck_page = false", "check_page = true"),
        ("[media]\nformats = ['avif']", "[media]"),
        ("[media]\nformats = ['webp', 'jpeg', 'gif']", "formats"),
        ("[media]\nwidths = [480, 800]", "[media]"),
        ("[media]\nwidths = [4000]", "[media]"),
        ("[media]\nwidths = []", "widths"),
        ("oops", "config.toml"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value(text, names, tmp_path):
    """Key, value and what is expected."""
    with pytest.raises(ConfigError) as error:
        load(tmp_path, text)
    assert names in str(error.value)


def test_the_shipped_settings_load(root):
    """And every path is below the file's folder."""
    assert root / "content" == config.load(root / "config.toml").content


def test_a_missing_secret_says_where_to_put_it(tmp_path):
    """Name, channel and folder; never a value."""
    with pytest.raises(ConfigError, match="BANTIN_FACEBOOK_PAGE_TOKEN"):
        config.secret(load(tmp_path, ""), "FACEBOOK_PAGE_TOKEN", needed_for="Facebook")


def test_secrets_come_from_the_environment_before_files(tmp_path, monkeypatch):
    """And a file's last newline does not belong to it."""
    settings = load(tmp_path, "")
    config.keep_secret(settings, "X", "from file\n")
    assert "from file" == config.secret(settings, "X")
    monkeypatch.setenv("BANTIN_X", "from environment")
    assert "from environment" == config.secret(settings, "X")


def test_secret_files_are_for_their_owner_only(tmp_path):
    """Nobody else on the machine may read them."""
    settings = load(tmp_path, "")
    config.keep_secret(settings, "X", "s")

    assert 0o600 == (tmp_path / "state/secrets/BANTIN_X").stat().st_mode & 0o777


def test_processes_that_start_together_get_one_key(tmp_path):
    """The first one's, or tokens sealed by one worker could not be opened by the next."""
    settings = load(tmp_path, "")
    with ThreadPoolExecutor(8) as pool:
        kept = set(pool.map(lambda number: config.keep_secret(settings, "KEY", f"key {number}"), range(64)))

    assert {config.secret(settings, "KEY")} == kept
    assert ["BANTIN_KEY"] == [file.name for file in (tmp_path / "state/secrets").iterdir()]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[rules]\nART999 = 'off'", "[rules] ART999"),
        ("[rules]\nART004 = 'never'", '[rules] ART004 = "never"'),
        ("[rules]\nSAFE001 = 'warning'", "[rules] SAFE001"),
        ("[rules]\nSAFE003 = 'off'", "[rules] SAFE003"),
        ("[rules.so-y-te]\nSAFE013 = 'off'", "[rules] SAFE013"),
        ("[rules]\nFILE003 = 'warning'", "[rules] FILE003"),
        ("[rules.so-khong-co]\nART004 = 'off'", "[rules.so-khong-co]"),
        ("[rules]\nART004 = 1", "ART004"),
        ("[newsroom]\nsecurity_contact = 'ông Mẫu'", "[newsroom] security_contact"),
        ("[newsroom]\nsecurity_contact = 'a@b.vn, c@d.vn'", "[newsroom] security_contact"),
    ],
)
def test_a_rule_that_no_setting_may_change_is_named(text, says, tmp_path):
    """Unknown codes and units, locked rules, and a contact that is no mail address."""
    with pytest.raises(ConfigError) as error:
        load(tmp_path, text)

    assert says in str(error.value)
    assert 1 == len(str(error.value).splitlines())


def test_a_rule_is_switched_off_for_all_and_weighed_for_one_unit(tmp_path):
    """The unit's own table wins; what is not named stays as it is."""
    changes = load(tmp_path, "[rules]\nART004 = 'off'\nART005 = 'review'\n[rules.so-y-te]\nART004 = 'error'\n").changes
    weighed = {code: (changes.severity(RULES[code], "so-y-te"), changes.severity(RULES[code], "so-noi-vu"))
               for code in ("ART004", "ART005", "ART010")}  # fmt: skip

    assert {"ART004": ("error", None), "ART005": ("review", "review"), "ART010": ("warning", "warning")} == weighed


def test_all_guards_of_secrets_and_persons_are_locked():
    """Every code that begins with SAFE."""
    assert {code for code in RULES if code.startswith("SAFE")} == {
        code for code, rule in RULES.items() if rule.locked and rule.check
    }


def test_hotlines_of_the_portal_are_read(tmp_path):
    """As many as the office has; a kind that is none is named."""
    one = '[[portal.contacts]]\nkind = "phone"\nname = "Tổng đài"\nvalue = "1022"\n'

    assert [("phone", "1022", "")] == [
        (contact.kind, contact.value, contact.note) for contact in load(tmp_path, one).portal.contacts
    ]
    with pytest.raises(ConfigError, match="fax"):
        load(tmp_path, one.replace("phone", "fax"))


def test_no_plugin_sees_the_settings(tmp_path):
    """Whatever is installed beside us; nor is it searched for."""
    about = tmp_path / "spy-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: spy\nVersion: 1\n", encoding="utf-8")
    (about / "entry_points.txt").write_text("[pydantic]\nspy = spy:plugin\n", encoding="utf-8")
    (tmp_path / "spy.py").write_text("print('here')\nplugin = None\n", encoding="utf-8")
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYDANTIC")}  # we set it ourselves
    told = subprocess.run([sys.executable, "-c", "import pipeline.config"], capture_output=True, text=True, check=True,
                          env=env | {"PYTHONPATH": str(tmp_path)})  # fmt: skip

    assert "" == told.stdout
