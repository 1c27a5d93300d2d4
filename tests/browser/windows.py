"""Agents' windows in Chromium: opened signed in, watched for errors, kept as pictures."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.console_fixtures import USERNAME, ServedDesk

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts"
LAPTOP = {"width": 1440, "height": 900}
TABLET = {"width": 1024, "height": 768}
PHONE = {"width": 390, "height": 844}


class Windows:
    """Opens agents' windows; an exception, a dialog or a breach of the policy in any of them fails the test."""

    def __init__(self, browser: Browser, desk: ServedDesk) -> None:
        self.browser, self.desk = browser, desk
        self.complaints: list[str] = []
        self.contexts: list[BrowserContext] = []

    def open(
        self,
        username: str | None = USERNAME,
        size: dict[str, int] = LAPTOP,
        language: str = "zh",
        theme: str = "light",
    ) -> Page:
        context = self.browser.new_context(base_url=self.desk.url, viewport=size)  # type: ignore[arg-type]
        self.contexts.append(context)
        wanted = {"hotline_language": language, "hotline_theme": theme}
        if username:
            wanted["hotline"] = self.desk.desk.signed_in(username)
        context.add_cookies([{"name": name, "value": value, "url": self.desk.url} for name, value in wanted.items()])
        page = context.new_page()
        page.set_default_timeout(25_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("console", self._listen)
        return page

    def _listen(self, line: object) -> None:
        text = line.text  # type: ignore[attr-defined]
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self.complaints.append(text)

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        assert not self.complaints, self.complaints


def keep(page: Page, name: str) -> None:
    """Keep a screenshot among the test artefacts."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.wait_for_timeout(250)
    page.screenshot(path=ARTIFACTS / f"console-{name}.png")


def is_live(page: Page) -> None:
    """Wait until the stream is open."""
    page.wait_for_function("performance.getEntriesByType('resource').length > 0")
    expect(page.locator("#live")).to_have_attribute("data-state", "on")
    page.wait_for_timeout(400)
