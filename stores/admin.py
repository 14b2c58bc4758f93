from django.contrib import admin, messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from stores import audit
from stores.audit import AuditAction, origin_of
from stores.client_address import client_address
from stores.models import Company, Mail, Register, SecondFactor, SignInThrottle, Staff, Store
from stores.new_company import ADMINISTRATOR_CODE, found
from stores.second_factor import remove_factor
from stores.usage import usage_of

admin.site.site_header = admin.site.site_title = gettext_lazy("レジ管理画面 運営")
admin.site.index_title = gettext_lazy("企業の管理")
admin.site.site_url = None  # the portal's pages do not exist for the operator


class ReadOnlyAdmin(admin.ModelAdmin):
    """The operator sees what a company has; its own administrators change it."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "is_active", "created_at"]
    search_fields = ["code", "name"]
    exclude = ["requires_second_factor"]  # the company's own administrators decide

    def get_readonly_fields(self, request, obj=None):
        return ["code", "created_at", "usage"] if obj else []

    @admin.display(description=gettext_lazy("利用状況"))
    def usage(self, company):
        figures = usage_of(company, today=timezone.localdate())
        return format_html_join("", "<div>{}: {}</div>", ((label, "－" if value is None else localize(value)) for label, value in figures))

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change:
            self.record_change(request, obj, form)
            return
        request.initial_password = found(obj, at=timezone.now(), operator=request.user)

    def response_add(self, request, obj, post_url_continue=None):
        """Show the ログインID通知書 in the answer itself: in a message the password would lie in a cookie."""
        administrator = Staff.objects.select_related("company").get(company=obj, code=ADMINISTRATOR_CODE)
        notice = {"person": administrator, "password": request.initial_password}
        return never_cache(render)(request, "stores/sign_in_notice.html", notice)

    def record_change(self, request, company, form):
        changes = {name: [form.initial.get(name), form.cleaned_data[name]] for name in form.changed_data}
        audit.record(
            AuditAction.COMPANY_CHANGED,
            actor=request.user,
            company=company,
            subject=str(company),
            changes=changes,
            address=client_address(request),
            at=timezone.now(),
        )


@admin.register(Store)
class StoreAdmin(ReadOnlyAdmin):
    list_display = ["company", "code", "name", "kind", "retired_on"]
    list_select_related = ["company"]
    search_fields = ["company__code", "code", "name"]


@admin.register(Register)
class RegisterAdmin(ReadOnlyAdmin):
    list_display = ["store", "number", "name", "retired_on"]
    list_select_related = ["store"]


@admin.register(Staff)
class StaffAdmin(ReadOnlyAdmin):
    list_display = ["company", "code", "name", "role", "is_active"]
    list_select_related = ["company"]
    search_fields = ["company__code", "code", "name"]
    fields = ["company", "code", "name", "role", "stores", "is_active", "must_change_password", "last_login"]
    actions = ["unlock", "remove_second_factor"]

    @admin.action(description=gettext_lazy("ログインの一時停止を解除する"))
    def unlock(self, request, queryset):
        for person in queryset.select_related("company"):
            SignInThrottle.objects.forget(person.username)
            SecondFactor.objects.forgive(person)
            audit.record(
                AuditAction.SIGN_IN_UNLOCKED,
                actor=request.user,
                company=person.company,
                subject=str(person),
                address=client_address(request),
                at=timezone.now(),
            )
        self.message_user(request, _("ログインの一時停止を解除しました。"), messages.SUCCESS)

    @admin.action(description=gettext_lazy("二段階認証を解除する（スマートフォンをなくしたとき）"))
    def remove_second_factor(self, request, queryset):
        removed = sum(remove_factor(person, by=origin_of(request)) for person in queryset.select_related("company").order_by("pk"))
        self.message_user(request, _("%(count)s名の二段階認証を解除しました。") % {"count": removed}, messages.SUCCESS)


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """What became of each mail: the operator sees that the mail server takes them."""

    list_display = ["created_at", "person", "subject", "tries", "sent_at", "given_up_at"]
    list_select_related = ["person"]
    list_filter = ["sent_at", "given_up_at"]
    fields = ["person", "subject", "created_at", "tries", "sent_at", "given_up_at"]
