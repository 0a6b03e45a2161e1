"""The same items for Hugo, Pelican and Eleventy: sources, the plainest templates, and the command that builds them.

Each makes an item page, numbered lists of ten (all, by unit, by area) and a feed, and Hugo two JPEG and two WebP of a
cover. They do nothing else; bantin besides keeps its ledger, runs its rules, tags, plans two more channels, and makes
lists by field, topic and month, a search index, sitemaps and more sizes of each picture.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.corpus import Entry

TOOLS = Path(os.environ.get("BENCH_PEERS", "build/peers")).resolve()  # `make bench-peers` fills it
_PAGE = "<!doctype html><html lang=vi><meta charset=utf-8><title>{title}</title><h1>{title}</h1>{body}</html>"
_HUGO = {
    "hugo.toml": 'baseURL = "https://cchc.example.vn/"\nlocale = "vi"\ntitle = "Tin"\n[pagination]\npagerSize = 10\n'
                 '[taxonomies]\narea = "areas"\n[imaging]\nquality = 82\n',
    "layouts/_default/single.html": _PAGE.format(title="{{ .Title }}", body=(
        '{{ with .Resources.GetMatch "cover.jpg" }}{{ range slice "1200x630" "480x252" }}'
        '{{ $small := $.Resources.GetMatch "cover.jpg" }}{{ with $small.Fill (printf "%s jpg" .) }}<img src={{ .RelPermalink }}>'
        '{{ end }}{{ with $small.Fill (printf "%s webp" .) }}<img src={{ .RelPermalink }}>{{ end }}{{ end }}{{ end }}'
        "{{ .Content }}")),
    "layouts/_default/list.html": _PAGE.format(
        title="{{ .Title }}",
        body="{{ range .Paginator.Pages }}<p><a href={{ .RelPermalink }}>{{ .Title }}</a> {{ .Params.summary }}</p>"
             "{{ end }}{{ with .Paginator.Next }}<a href={{ .URL }}>+</a>{{ end }}"),
}  # fmt: skip
_PELICAN = (
    'SITEURL = "https://cchc.example.vn"\nSITENAME = AUTHOR = "Tin"\nPATH = "content"\nOUTPUT_PATH = "public"\n'
    'TIMEZONE = "Asia/Ho_Chi_Minh"\nDEFAULT_LANG = "vi"\nTHEME = "simple"\nDEFAULT_PAGINATION = 10\n'
    'ARTICLE_URL = ARTICLE_SAVE_AS = "{category}/{slug}.html"\nFEED_ALL_ATOM = "atom.xml"\nFEED_ALL_RSS = "rss.xml"\n'
    'DIRECT_TEMPLATES = ["index"]\nAUTHOR_SAVE_AS = ARCHIVES_SAVE_AS = ""\nLOAD_CONTENT_CACHE = CACHE_CONTENT = True\n'
)
_ELEVENTY = {
    "eleventy.config.cjs": """module.exports = (config) => {
  config.addCollection("pages", (api) => {
    const lists = { tin: api.getFilteredByTag("item").reverse() };
    for (const one of lists.tin)
      for (const name of [one.data.unit, "kstthc"]) (lists[name] = lists[name] || []).push(one);
    const pages = [];
    for (const [name, all] of Object.entries(lists))
      for (let at = 0; at < all.length; at += 10)
        pages.push({ items: all.slice(at, at + 10), address: `${name}/trang-${at / 10 + 1}.html` });
    return pages;
  });
  return { dir: { input: "content", output: "public" }, markdownTemplateEngine: false };
};
""",
    "content/_includes/item.njk": _PAGE.format(title="{{ title }}", body="{{ content | safe }}"),
    "content/list.njk": "---\npagination:\n  data: collections.pages\n  size: 1\n  alias: page_\n"
                        "permalink: \"{{ page_.address }}\"\n---\n" + _PAGE.format(
        title="Tin", body="{% for one in page_.items %}<p><a href={{ one.url }}>{{ one.data.title }}</a> "
                          "{{ one.data.summary }}</p>{% endfor %}"),
    "content/feed.njk": "---\npermalink: feed.xml\neleventyExcludeFromCollections: true\n---\n<rss version=\"2.0\"><channel>"
                        "{% for one in collections.item | reverse %}{% if loop.index < 21 %}<item><title>"
                        "{{ one.data.title }}</title></item>{% endif %}{% endfor %}</channel></rss>",
}  # fmt: skip


@dataclass(frozen=True)
class Peer:
    """A builder that is installed; `version` as it tells it."""

    name: str
    version: str
    command: tuple[str, ...]

    def make(self, folder: Path) -> None:
        """Settings and templates; items are added with `write`."""
        files = {"hugo": _HUGO, "pelican": {"pelicanconf.py": _PELICAN}, "eleventy": _ELEVENTY}[self.name]
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")

    def write(self, folder: Path, one: Entry) -> None:
        """One item in the front matter that this builder reads."""
        if self.name == "pelican":
            head = f"Title: {one.title}\nDate: {one.day}\nSummary: {one.summary}\nCategory: {one.unit}\nTags: kstthc\nSlug: {one.name}\n"
        else:
            more = (
                f"layout: item.njk\ntags: item\nunit: {one.unit}\n" if self.name == "eleventy" else "areas: [kstthc]\n"
            )
            head = (
                f"---\ntitle: {json.dumps(one.title, ensure_ascii=False)}\ndate: {one.day}\n"
                f"summary: {json.dumps(one.summary, ensure_ascii=False)}\n{more}---\n"
            )
        file = folder / "content" / one.unit / f"{one.name}.md"
        if one.cover and self.name == "hugo":  # a page bundle, which has its pictures beside it
            file = folder / "content" / one.unit / one.name / "index.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            (file.parent / "cover.jpg").write_bytes(one.cover)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{head}\n{one.body}", encoding="utf-8")


def installed() -> tuple[list[Peer], list[str]]:
    """Those that can be run, and the names of those that cannot."""
    pelican, eleventy = TOOLS / "venv/bin/pelican", TOOLS / "node_modules/@11ty/eleventy/cmd.cjs"
    hugo = _hugo()
    wanted = {
        "hugo": (hugo, ("version",), ("--quiet", "--destination", "public")),
        "pelican": (str(pelican), ("--version",), ("--quiet", "-s", "pelicanconf.py")),
        "eleventy": (f"node {eleventy}", ("--version",), ("--quiet", "--config=eleventy.config.cjs")),
    }
    found, missing = [], []
    for name, (program, ask, build) in wanted.items():
        command = tuple(program.split())
        if not command or not Path(command[-1]).exists():
            missing.append(name)
            continue
        told = subprocess.run([*command, *ask], capture_output=True, text=True, check=True).stdout.split()  # noqa: S603 - ours
        found.append(Peer(name, told[1] if name == "hugo" else told[0], (*command, *build)))
    return found, missing


def _hugo() -> str:
    """The real program: the wheel's command is a Python wrapper around it."""
    packed = sorted(TOOLS.glob("venv/lib/python3*/site-packages/hugo/binaries/hugo*"))
    return str(packed[0]) if packed else shutil.which("hugo") or ""
