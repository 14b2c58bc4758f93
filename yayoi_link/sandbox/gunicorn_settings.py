"""How gunicorn runs the sandbox. The address is given by the command that starts it."""

wsgi_app = "yayoi_link.sandbox.wsgi"
worker_class = "gthread"
workers = 1
# A silent or slow answer occupies a thread for as long as it lasts.
threads = 64
# Silent connections would keep a stopping server waiting.
graceful_timeout = 2
loglevel = "warning"
# An access log would print the links.
accesslog = None
control_socket_disable = True
