"""«Уведомления»: where letters to the owner go, beside the window; it blocks nothing."""

from dataclasses import replace

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ozon_desktop.domain.notification import DEFAULT_PORTS, MailSecurity, MailSettings, mail_problems, service_of
from ozon_desktop.services.notifications import MailPage
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.widgets.combo_box import ComboBox
from ozon_desktop.ui.widgets.field import Field
from ozon_desktop.ui.widgets.tool_dialog import ToolDialog, bring_up_one
from ozon_desktop.wording import mail_problem_text, mail_security_text


class NotificationsDialog(ToolDialog):
    """A form over the kept settings. A known mail service fills in its server from the recipient's address."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "notifications", "Уведомления", parent, heading="", of_cabinet=False)
        self._known: MailPage | None = None
        self.enabled = QCheckBox("&Писать владельцу об окончании долгой работы и об ошибках")
        self.enabled.setObjectName("mail_enabled")
        self.recipient = self._line("mail_recipient")
        self.server = self._line("mail_server")
        self.port = self._line("mail_port")
        self.port.setValidator(QIntValidator(1, 65535, self))
        self.security = ComboBox("mail_security", "")
        self.security.set_choices([(security, mail_security_text(security)) for security in MailSecurity], MailSecurity.TLS)
        self.user = self._line("mail_user")
        self.password = self._line("mail_password")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.from_line = self._line("mail_sender")
        self.fields = {
            "recipient": Field("Кому", self.recipient, required=True),
            "server": Field("Почтовый сервер", self.server, required=True),
            "port": Field("Порт", self.port, required=True),
            "security": Field("Защита соединения", self.security, required=True),
            "user": Field("Имя пользователя", self.user),
            "password": Field("Пароль", self.password),
            "sender": Field("Адрес отправителя", self.from_line),
        }
        self._lay_out()
        self._connect()
        self.run(context.application.notifications.load(), self._show_settings)

    @classmethod
    def bring_up(cls, context: WindowContext, parent: QWidget) -> "NotificationsDialog":
        """The dialog of this window: the one that is open already comes to the front."""
        return bring_up_one(cls, parent, lambda: cls(context, parent))

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setObjectName(name)
        return line

    def _lay_out(self) -> None:
        self.set_hint("Письмо приходит, когда закончился долгий сбор категорий или сорвалась синхронизация.")
        self.body.addWidget(self.enabled)
        for name in ("recipient", "server"):
            self.body.addWidget(self.fields[name])
        row = QHBoxLayout()
        row.addWidget(self.fields["security"], 2)
        row.addWidget(self.fields["port"], 1)
        self.body.addLayout(row)
        for name in ("user", "password", "sender"):
            self.body.addWidget(self.fields[name])
        self.body.addStretch(1)
        self.test_button = self.add_button("Отправить &пробное письмо", "mail_test")
        self.save_button = QPushButton("&Сохранить")
        self.finish(self.save_button, "mail_save", 520)
        self.close_button.hide()

    def _connect(self) -> None:
        self.recipient.editingFinished.connect(self._fill_known_service)
        self.security.currentIndexChanged.connect(self._security_chosen)
        for line in (self.recipient, self.server, self.port, self.user, self.password, self.from_line):
            line.textChanged.connect(self._validate)
        self.enabled.toggled.connect(self._validate)
        self.save_button.clicked.connect(self._save)
        self.test_button.clicked.connect(self._test)

    @property
    def settings(self) -> MailSettings:
        kept = self._known.settings if self._known is not None else MailSettings()
        security = self.security.chosen
        return replace(
            kept,
            enabled=self.enabled.isChecked(),
            recipient=self.recipient.text().strip(),
            server=self.server.text().strip(),
            port=int(self.port.text() or 0),
            security=security if isinstance(security, MailSecurity) else MailSecurity.TLS,
            user=self.user.text().strip(),
            sender=self.from_line.text().strip(),
        )

    def _show_settings(self, known: MailPage) -> None:
        self.ended()
        self._known = known
        settings = known.settings
        self.enabled.setChecked(settings.enabled)
        self.recipient.setText(settings.recipient)
        self.server.setText(settings.server)
        self.security.choose(settings.security)
        self.port.setText(str(settings.port))
        self.user.setText(settings.user)
        self.from_line.setText(settings.sender)
        self.password.clear()
        self.password.setPlaceholderText("сохранён, введите новый, чтобы заменить" if known.has_password else "")
        self.fields["password"].set_hint(known.password_place)
        self._validate()

    def _validate(self) -> None:
        if self._known is None:
            return
        kept = self._known.settings
        # The kept password belongs to its server and user and is never sent to another.
        kept_fits = self._known.has_password and (kept.user, kept.server) == (self.settings.user, self.settings.server)
        has_password = bool(self.password.text()) or kept_fits
        # Left empty, it is the mailbox that is logged in to: most services take no other.
        self.from_line.setPlaceholderText(replace(self.settings, sender="").from_address)
        problems = mail_problems(self.settings, has_password)
        for name, field in self.fields.items():
            field.set_error(mail_problem_text(problems[name]) if name in problems else None)
        complete = not mail_problems(self.settings, has_password, complete=True)
        self.save_button.setEnabled(not problems)
        self.test_button.setEnabled(complete)
        self.test_button.setToolTip("" if complete else "Сначала заполните получателя, сервер и порт")

    def _fill_known_service(self) -> None:
        service = service_of(self.recipient.text().strip())
        if service is None or self.server.text().strip():
            return
        self.server.setText(service.server)
        self.security.choose(service.security)
        self.port.setText(str(service.port))
        if not self.user.text().strip():
            self.user.setText(self.recipient.text().strip())
        if service.app_password:
            self.bar.show_message(f"{service.name} просит пароль приложения: его создают в настройках почты.", "info")

    def _security_chosen(self) -> None:
        security = self.security.chosen
        if isinstance(security, MailSecurity) and int(self.port.text() or 0) in {0, *DEFAULT_PORTS.values()}:
            self.port.setText(str(DEFAULT_PORTS[security]))
        self._validate()

    def _save(self) -> None:
        service = self.context.application.notifications
        self.run(service.save(self.settings, self.password.text() or None), self._saved)

    def _saved(self, known: MailPage) -> None:
        self._show_settings(known)
        self.bar.show_message("Сохранено.", "good")

    def _test(self) -> None:
        self.test_button.setEnabled(False)
        self.bar.show_message("Отправляю пробное письмо…", "info")
        service = self.context.application.notifications
        self.run(service.send_test(self.settings, self.password.text() or None), self._sent)

    def _sent(self, settings: MailSettings) -> None:
        self.ended()
        self.bar.show_message(f"Пробное письмо отправлено: {settings.recipient}", "good")
        self._validate()

    def job_failed(self, error: object) -> None:
        super().job_failed(error)
        self._validate()
