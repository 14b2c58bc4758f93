from django.urls import path

from stores.views import audit, jobs, password, people, places, register_tokens, registers, settings, sign_in

app_name = "stores"
urlpatterns = [
    path("login/", sign_in.sign_in, name="sign_in"),
    path("logout/", sign_in.sign_out, name="sign_out"),
    path("password/", password.change_password, name="change_password"),
    path("settings/", settings.settings, name="settings"),
    path("settings/master-sync/", settings.master_sync, name="master_sync"),
    path("audit/", audit.audit, name="audit"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/progress/", jobs.progress, name="job_progress"),
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="cancel_job"),
    path("jobs/<int:pk>/file/", jobs.download, name="job_file"),
    path("stores/", places.stores, name="stores"),
    path("stores/new/", places.create_store, name="create_store"),
    path("stores/<int:pk>/", places.store, name="store"),
    path("stores/<int:pk>/edit/", places.edit_store, name="edit_store"),
    path("stores/<int:pk>/end/", places.end_store, name="end_store"),
    path("stores/<int:pk>/restore/", places.restore_store, name="restore_store"),
    path("stores/<int:store_pk>/registers/new/", registers.create_register, name="create_register"),
    path("stores/registers/<int:pk>/edit/", registers.edit_register, name="edit_register"),
    path("stores/registers/<int:pk>/end/", registers.end_register, name="end_register"),
    path("stores/registers/<int:pk>/restore/", registers.restore_register, name="restore_register"),
    path("stores/registers/<int:pk>/tokens/", register_tokens.tokens, name="register_tokens"),
    path("stores/registers/<int:pk>/tokens/issue/", register_tokens.issue, name="issue_register_token"),
    path("stores/registers/tokens/<int:pk>/revoke/", register_tokens.revoke, name="revoke_register_token"),
    path("staff/", people.staff, name="staff"),
    path("staff/new/", people.create_staff, name="create_staff"),
    path("staff/<int:pk>/", people.edit_staff, name="edit_staff"),
    path("staff/<int:pk>/password/", people.reset_password, name="reset_password"),
    path("staff/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("staff/<int:pk>/reactivate/", people.reactivate, name="reactivate"),
]
