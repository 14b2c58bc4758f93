from yayoi_link.posting_sheet import difference_sheet
from yayoi_link.state_words import OBSTACLES


def shown_of_correction(correction, figures):
    """What a page shows of 差分: its rows with their proof, or why it cannot be sent."""
    journal = correction.journal
    sheet = difference_sheet(journal.entries, figures, before=correction.before, left_out=journal.left_out)
    return {"correction": correction, "difference": sheet, "obstacle": OBSTACLES.get(correction.obstacle)}
