from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
MAIL_SERVER_PATIENCE = 10  # seconds for each step of the talk with it
LOCK_PATIENCE = 20  # seconds for somebody else's write; then whoever waits is told that the portal is busy
LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "[::1]", "::1"}

env = environ.Env()
env.read_env(BASE_DIR / ".env")


def required_in_production(name: str, *, stand_in: str) -> str:
    """Return the variable; without DEBUG a missing one stops the start and is named."""
    value = env.str(name, default="")
    if value or DEBUG:
        return value or stand_in
    raise ImproperlyConfigured(f"{name} is not set: without DEBUG the portal does not start without it.")


def mailers_from(url: str) -> dict:
    """Return MAILERS for smtp://user:password@host:port, smtp+tls:// or smtp+ssl://; for an empty one a mailer that sends nothing."""
    if not url:
        return {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
    read = env.email_url_config(url)
    host = {
        "host": read["EMAIL_HOST"],
        "port": read["EMAIL_PORT"],
        "username": read["EMAIL_HOST_USER"],
        "password": read["EMAIL_HOST_PASSWORD"],
    }
    security = {"use_tls": read.get("EMAIL_USE_TLS", False), "use_ssl": read.get("EMAIL_USE_SSL", False)}
    return {"default": {"BACKEND": read["EMAIL_BACKEND"], "OPTIONS": host | security | {"timeout": MAIL_SERVER_PATIENCE}}}


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = required_in_production("SECRET_KEY", stand_in="for-development-only")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
SERVED_ON_LOOPBACK_ONLY = set(ALLOWED_HOSTS) <= LOOPBACK_HOSTS

# The link's secret: see docs/architecture.md, "Secrets".
LINK_KEYS = [key for key in required_in_production("LINK_KEYS", stand_in="for-development-only").split(",") if key]
LINK_HASH_KEY = required_in_production("LINK_HASH_KEY", stand_in="for-development-only-hash")

# How deliveries leave.
OUTBOUND_ALLOW_LOOPBACK = env.bool("OUTBOUND_ALLOW_LOOPBACK", default=False)
OUTBOUND_PORTS = [int(port) for port in env.list("OUTBOUND_PORTS", default=["443"])]
# Trusted certificates instead of the usual ones, for a receiver with a private authority.
OUTBOUND_CA_BUNDLE = env.str("OUTBOUND_CA_BUNDLE", default="")
DELIVERY_DEADLINE = timedelta(seconds=env.float("DELIVERY_DEADLINE_SECONDS", default=30.0))
DELIVERY_LEASE = timedelta(seconds=env.float("DELIVERY_LEASE_SECONDS", default=60.0))
STATE_DIR = Path(env.str("STATE_DIR", default=str(BASE_DIR / "state")))
SANDBOX_URL = env.str("SANDBOX_URL", default="http://127.0.0.1:8001")

if OUTBOUND_ALLOW_LOOPBACK and not DEBUG and not SERVED_ON_LOOPBACK_ONLY:
    raise ImproperlyConfigured(
        "OUTBOUND_ALLOW_LOOPBACK lets deliveries reach this machine: without DEBUG it needs ALLOWED_HOSTS to be loopback."
    )

INSTALLED_APPS = [
    "yayoi_link",
    "closing",
    "stores",
    "regi_admin",
    "regi_admin.operator_admin.OperatorAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "js_lib_bootstrap5",
    "heroicons",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "closing.middleware.UnsentCountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "stores.middleware.PersonLanguageMiddleware",
    "stores.middleware.KnownDeviceMiddleware",
    "stores.middleware.TillSessionMiddleware",
    "stores.middleware.ForcedPasswordChangeMiddleware",
    "stores.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "regi_admin.urls"
WSGI_APPLICATION = "regi_admin.wsgi.application"
FORM_RENDERER = "regi_admin.form_renderer.FieldGroups"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "regi_admin.templatetags.constant_words",
                "regi_admin.templatetags.icons",
            ],
        },
    },
]

# SQLite: IMMEDIATE, because a transaction that reads first and writes later fails at once under concurrency;
# FULL, because a delivery that passed its gate must still be "sending" after a power cut.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": LOCK_PATIENCE,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}


def durable(database: dict) -> dict:
    """Return the settings of a database so that what it has committed survives a power cut."""
    if database["ENGINE"] == "django.db.backends.sqlite3":
        return database | {"OPTIONS": SQLITE_OPTIONS}
    # Beside what the URL itself says, such as sslmode or the folder of a socket.
    options = database.get("OPTIONS", {}) | {"options": f"-c synchronous_commit=on -c lock_timeout={LOCK_PATIENCE}s"}
    return database | {"OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


DATABASES = {"default": durable(env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'regi.sqlite3'}"))}

# Each process has its own: only what can be worked out again, under a name that changes when it would come to something else.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}}
if env.str("GATE_JOURNAL_DATABASE_URL", default=""):
    DATABASES["gate_journal"] = durable(env.db_url("GATE_JOURNAL_DATABASE_URL"))
    if DATABASES["gate_journal"]["ENGINE"] == "django.db.backends.postgresql":
        # Every page asks whether sending has stopped: none may wait for minutes because the other server is away.
        DATABASES["gate_journal"]["OPTIONS"]["connect_timeout"] = 5
    if all(DATABASES["gate_journal"][name] == DATABASES["default"][name] for name in ("NAME", "HOST", "PORT")):
        raise ImproperlyConfigured("GATE_JOURNAL_DATABASE_URL is the portal's own database: a backup would bring both back together.")

AUTH_USER_MODEL = "stores.Staff"
AUTHENTICATION_BACKENDS = ["stores.backends.PortalBackend"]
PASSWORD_HASHERS = ["stores.passwords.PortalArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["code", "name"]}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "stores:sign_in"
LOGIN_REDIRECT_URL = "top"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG and not SERVED_ON_LOOPBACK_ONLY
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # whoever probes a process speaks to it directly
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if SESSION_COOKIE_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SESSION_COOKIE_SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}

# Who is told by mail. Without MAILER_URL nobody is, and the banners on the pages must do.
SENDS_MAIL = bool(env.str("MAILER_URL", default=""))
MAILERS = mailers_from(env.str("MAILER_URL", default=""))
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="regi-admin@localhost")

# The calendar of 連携状況 has a box for each day of a month at 50 stores.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("日本語")), ("en", _("英語"))]
FORMAT_MODULE_PATH = "regi_admin.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Tokyo")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # Nothing is collected: the files are served from where they lie.
    STATIC_ROOT, WHITENOISE_USE_FINDERS = None, True

DEFAULT_EXCEPTION_REPORTER_FILTER = "regi_admin.error_reports.NoFormValues"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# No mail_admins: an HTML error report would carry form values, and the link is one of them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "regi_admin.log_format.OneLine", "format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # urllib3 prints the path of each request at DEBUG; a link's path is its secret.
        "urllib3": {"level": "WARNING"},
    },
}
