import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regi_admin.settings")

application = get_wsgi_application()

from regi_admin.checks import refuse_demo_passwords  # noqa: E402 (needs the apps to be loaded)
from regi_admin.worker_watch import WorkerWatch  # noqa: E402

refuse_demo_passwords()
application = WorkerWatch(application)
