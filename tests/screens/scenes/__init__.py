"""Pages that no link leads to: forms after mistakes, open menus, work under way, what follows a POST, errors.

A scene is a function of a `Stage`. Those that change what others see are played after everybody has walked the portal.
"""
