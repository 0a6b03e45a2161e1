"""Reading by keyboard, on a narrow screen, enlarged and on paper; nothing moves while a page loads."""

import pytest

from tests.browser.newsroom import ARTICLE, CLIP, QUESTION, ROOM_PAGES, settled

pytestmark = pytest.mark.browser

PORTAL = [(name, place) for name, site, place in ROOM_PAGES if site == "portal"]
WATCH = """window.moved = 0; new PerformanceObserver(seen => seen.getEntries().forEach(
    one => { moved += one.value })).observe({type: 'layout-shift', buffered: true})"""
# What the keyboard holds: its number in the document, its words, where it is, and how thick its outline is.
HELD = """() => { const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
    return one === document.body ? null : {place: [...document.querySelectorAll('*')].indexOf(one), name: one.tagName,
    words: (one.innerText || one.ariaLabel || one.placeholder || '').trim(), top: box.top + scrollY, size: box.width * box.height,
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth), box: style.boxShadow,
    hidden: !!one.closest('[aria-hidden=true]') }; }"""


def walked(page, most=150):
    """What the keyboard reaches, by Tab from the top until it leaves the page."""
    held = []
    for _step in range(most):
        page.keyboard.press("Tab")
        one = page.evaluate(HELD)
        if one is None or (held and one["place"] == held[0]["place"]):
            return held
        held.append(one)
    raise AssertionError(f"the keyboard does not get through the page in {most} steps")


@pytest.fixture
def opened(browser, address):
    """A page of the newsroom in a window of its own."""
    contexts = []

    def go(site, place, **options):
        contexts.append(
            browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "vi-VN", **options})
        )
        page = contexts[-1].new_page()
        page.add_init_script(WATCH)
        page.goto(address(site, place), wait_until="load")
        settled(page, place)
        return page

    yield go
    for one in contexts:
        one.close()


@pytest.mark.parametrize(
    ("site", "place"),
    [("portal", "/"), ("portal", ARTICLE), ("portal", QUESTION), ("portal", CLIP), ("portal", "/mot-cua/"), ("portal", "/con-so/"),
     ("portal", "/tim-kiem/?q=de+an+06"), ("desk", "/"), ("desk", ARTICLE)],
)  # fmt: skip
def test_the_keyboard_gets_everywhere_in_reading_order(opened, site, place):
    """Each link once, in the order of the text, seen, with an outline; and out again at the end."""
    page = opened(site, place)
    held = walked(page)
    wanted = page.evaluate("""() => [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"], video')].filter(
        one => one.tabIndex >= 0 && one.checkVisibility() && !one.disabled && one.type !== 'hidden').length""")

    assert [one["place"] for one in held] == sorted(one["place"] for one in held)
    assert len(held) >= wanted
    assert [] == [one for one in held if one["size"] == 0 or one["hidden"]]
    assert [] == [
        one for one in held if one["outline"] < 2 and one["box"] == "none" and one["name"] not in ("VIDEO", "INPUT")
    ]
    assert [] == [one for one in held if not one["words"] and one["name"] not in ("VIDEO", "INPUT", "DIV")]


def test_the_first_step_is_past_the_menu(opened):
    """The link is seen when it is held, and the next step is in the text."""
    page = opened("portal", ARTICLE)
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement.getBoundingClientRect().top >= 0")  # it slides in
    link = page.evaluate(HELD)
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'noi-dung'")
    page.keyboard.press("Tab")

    assert "Đến phần nội dung" == link["words"]
    assert page.evaluate("!!document.activeElement.closest('main')")


def test_search_keeps_the_keyboard_and_says_what_it_found(opened):
    """Results are announced, and the next steps lead into them."""
    page = opened("portal", "/tim-kiem/")
    page.locator("#tu-khoa").focus()
    page.keyboard.type("de an 06")
    page.keyboard.press("Enter")
    page.locator(".search-status", has_text="Tìm thấy").wait_for()

    assert "status" == page.locator(".search-status").get_attribute("role")
    page.locator("#tu-khoa").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('.hits')")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("place", ["/", ARTICLE, QUESTION, CLIP, "/mot-cua/"])
def test_nothing_moves_while_a_page_loads(opened, place, width):
    """Layout shift 0, also when one scrolls to the end and all pictures come."""
    page = opened("portal", place, viewport={"width": width, "height": 844})
    page.wait_for_load_state("networkidle")
    for _step in range(12):
        page.mouse.wheel(0, 700)
        page.wait_for_load_state("networkidle")

    assert 0 == page.evaluate("moved")


@pytest.mark.parametrize(("name", "place"), PORTAL, ids=[name for name, _place in PORTAL])
def test_a_page_fits_the_narrowest_screen_and_twice_its_size(opened, name, place):
    """320 px without sideways scrolling, which is 400 % of 1280; and 200 % of 1280."""
    for view in ({"width": 320, "height": 640}, {"width": 640, "height": 450}):
        page = opened("portal", place, viewport=view)

        assert 0 >= page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"), view


def test_wider_spacing_of_letters_cuts_nothing_off(opened):
    """WCAG 1.4.12: a reader may set lines, letters and words apart."""
    page = opened("portal", "/", viewport={"width": 390, "height": 844})
    page.add_style_tag(content="* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
                       " p { margin-bottom: 2em !important }")  # fmt: skip
    cut = page.evaluate("""() => [...document.querySelectorAll('main *, header *, footer *')].filter(one =>
        getComputedStyle(one).overflow === 'hidden' && one.innerText && !one.closest('.hidden') && one.scrollHeight > one.clientHeight + 1)
        .map(one => one.className)""")

    assert [] == cut
    assert 0 >= page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("place", [ARTICLE, QUESTION])
def test_on_paper_stand_the_text_its_pictures_and_its_address(opened, place):
    """No menu, no buttons; pictures that were not near yet are loaded for the paper."""
    page = opened("portal", place)
    page.evaluate(
        "window.print = () => { window.printed = [...document.querySelectorAll('.item img')].every(one => one.complete && one.naturalWidth) }"
    )
    page.get_by_role("button", name="In bài").click()
    page.wait_for_function("window.printed !== undefined")
    page.emulate_media(media="print")

    assert page.evaluate("printed")
    for gone in (".menu", ".share", ".neighbours", ".trail", ".find"):
        assert 0 == page.locator(gone).locator("visible=true").count(), gone
    assert page.locator(".text").is_visible()
    address = page.evaluate("getComputedStyle(document.querySelector('.item'), '::after').content")
    assert address.strip('"') == page.locator("link[rel=canonical]").get_attribute("href")
