"""What a browser does with the files of the masters."""

from django.core.files.uploadedfile import SimpleUploadedFile


def download(browser, kind):
    return browser.get(f"/masters/csv/{kind}/download/").content.decode("utf-8-sig")


def choose(browser, kind, content, name="masters.csv"):
    content = content if isinstance(content, bytes) else content.encode()
    return browser.post(f"/masters/csv/{kind}/", {"file": SimpleUploadedFile(name, content)})


def press(browser, preview, **other):
    """Press 取り込む below a preview, with what stands in its form."""
    sent = preview.context["form"].initial | other
    return browser.post(f"/masters/csv/{preview.context['file'].kind}/take-in/", sent, follow=True)


def outcome(page):
    return str(list(page.context["messages"])[-1])
