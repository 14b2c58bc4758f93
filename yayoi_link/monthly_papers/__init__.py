"""税理士向け月次資料: a month of a company as one ZIP that can be read, printed and proved without the portal.

The papers are for the tax accountant and the tax office, so they are Japanese whoever takes them. The same state of the books
makes the same bytes: no clock is read, only moments that are frozen in the books.
"""
