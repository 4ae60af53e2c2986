"""What every expected failure says to the manager: what happened, to what, and what to do about it."""

from dataclasses import dataclass

from ozon_desktop import errors
from ozon_desktop.domain.bad_item import BadItem
from ozon_desktop.domain.integration import FieldProblem
from ozon_desktop.domain.matching.tables import TableFault
from ozon_desktop.domain.setup_guide import Missing
from ozon_desktop.errors import (
    AppError,
    NetworkError,
    NotConfirmed,
    NotPossibleYet,
    OzonError,
    RateLimited,
    ReadOnlyCabinet,
    StoreFileError,
    UnexpectedAnswer,
    WordTableError,
)
from ozon_desktop.wording.formats import capital, duration
from ozon_desktop.wording.methods import method_text
from ozon_desktop.wording.restoring import way_back
from ozon_desktop.wording.setup import field_label, missing_text
from ozon_desktop.wording.store_import import broken_cause_text


@dataclass(frozen=True, slots=True)
class ErrorText:
    """title: a few words; text: what happened to what; action: what the manager can do."""

    title: str
    text: str
    action: str

    def __str__(self) -> str:
        return " ".join(
            part if part.endswith((".", "!", "?", ":")) else f"{part}." for part in (self.title, self.text, self.action) if part
        )


_KEYS = "кабинет Ozon → Настройки → Seller API"

# Placeholders: {what} – what it happened to, {detail} – the other side's own words, {wait} – how long to wait.
_TEXTS: dict[type[AppError], tuple[str, str, str]] = {
    errors.AppError: ("Не получилось", "Не удалось выполнить: {what}", "Попробуйте ещё раз; если не поможет, откройте журнал"),
    errors.OzonError: ("Ozon ответил ошибкой", "{what}: {detail}", "Попробуйте позже; если повторится, обратитесь в поддержку Ozon"),
    errors.HeadersMissing: (
        "Ozon не получил Client ID или ключ API",
        "Запрос ушёл без данных для входа: {what}",
        "Введите Client ID и ключ API на странице «Интеграция» и нажмите «Обновить»",
    ),
    errors.InvalidClientId: (
        "Неверный Client ID",
        "Ozon принимает только целое положительное число",
        f"Скопируйте Client ID заново: {_KEYS}",
    ),
    errors.InvalidKey: (
        "Ozon не принял ключ",
        "Client ID и ключ API не подходят друг к другу, либо ключ удалён",
        f"Скопируйте оба значения из одного кабинета: {_KEYS}",
    ),
    errors.KeyDeactivated: (
        "Ключ API больше не действует",
        "Ключ отключён или истёк: новые ключи действуют три месяца",
        f"Создайте новый ключ с ролью «Администратор» ({_KEYS}) и введите его на странице «Интеграция»",
    ),
    errors.MissingRole: (
        "У ключа нет нужной роли",
        "Ключу не разрешено: {what}",
        f"Создайте ключ с ролью «Администратор»: {_KEYS}",
    ),
    errors.KeyRestrictedToIp: (
        "Ключ разрешён только для других адресов",
        "Ozon принимает этот ключ лишь с тех IP-адресов, которые указаны в кабинете",
        f"Добавьте адрес этого компьютера или создайте ключ без ограничения: {_KEYS}",
    ),
    errors.OfferNotSigned: (
        "Не подписана оферта Ozon",
        "Кабинет не может работать через API, пока оферта не принята",
        "Войдите в кабинет Ozon и примите оферту",
    ),
    errors.MethodSwitchedOff: (
        "Программа старше, чем API Ozon",
        "Ozon отключил метод: {what}",
        "Обновите программу: в новой версии используется новый метод",
    ),
    errors.RequestRefused: (
        "Ozon не принял запрос",
        "{what}: {detail}",
        "Исправьте то, на что указывает Ozon, и повторите",
    ),
    errors.PostingRefused: (
        "Ozon не сделал этого с заказом",
        "{what}: {detail}",
        "Посмотрите заказ: программа уже прочитала его состояние заново",
    ),
    errors.PostingUnknown: (
        "Ozon не знает такого отправления",
        "В этом кабинете его нет, или для отгрузки нет ничего нового: {what}",
        "Получите заказы заново и проверьте номер",
    ),
    errors.PostingShipped: ("Заказ уже собран", "Ozon говорит, что он собран или собирается: {what}", "Повторять не нужно: обновите заказ"),
    errors.PostingCancelled: ("Заказ отменён", "Собирать его не нужно: {what}", "Верните товар на место"),
    errors.PostingMoved: (
        "Состояние заказа уже другое",
        "В этом состоянии Ozon этого не делает: {what} ({detail})",
        "Обновите заказ и посмотрите, что с ним можно сделать",
    ),
    errors.WrongPieces: (
        "Состав не совпадает с заказом",
        "В упаковках не то или не столько, сколько заказано: {what}",
        "Разложите по упаковкам все товары заказа; чего нет — отмените",
    ),
    errors.MarksMissing: (
        "Не хватает маркировки",
        "Ozon ждёт коды или ГТД на каждый экземпляр: {what}",
        "Отсканируйте недостающее и дождитесь проверки",
    ),
    errors.RateLimited: (
        "Слишком много запросов к Ozon",
        "Ozon просит подождать {wait}: {what}",
        "Программа повторит сама; если спешите, остановите другие программы с тем же Client ID",
    ),
    errors.ItemLimitReached: (
        "Исчерпан лимит товаров Ozon",
        "Ozon примет следующие товары через {wait}: {what}",
        "Дождитесь обновления лимита (суточный обновляется в 3:00 по Москве) и отправьте остальное",
    ),
    errors.CircuitOpen: (
        "Ozon приостановил приём запросов",
        "На несколько минут закрыто: {what}",
        "Подождите несколько минут и повторите",
    ),
    errors.OzonUnavailable: (
        "Ozon сейчас не работает",
        "Сбой на стороне Ozon: {what}",
        "Повторите через несколько минут: данные в программе сохранены",
    ),
    errors.UnexpectedAnswer: (
        "Ozon ответил непонятно",
        "Ответ не такой, как обещает документация: {what}",
        "Повторите позже; если повторится, обновите программу",
    ),
    errors.AnswerTooLarge: (
        "Ответ Ozon слишком большой",
        "Такой ответ программа не читает, чтобы не занять всю память: {what}",
        "Повторите позже; если повторится, проверьте прокси и антивирус и обновите программу",
    ),
    errors.EndlessPages: (
        "Список Ozon не кончается",
        "Страницы списка повторяются: {what}",
        "Повторите позже; если повторится, обратитесь в поддержку Ozon",
    ),
    errors.Redirected: (
        "Вместо ответа Ozon — другой адрес",
        "Сеть или прокси направляет запрос не в Ozon, ключ туда не отправлен: {what}",
        "Если сеть требует входа (гостиница, кафе), войдите в неё через браузер; иначе проверьте прокси",
    ),
    errors.NetworkError: (
        "Запрос не дошёл до Ozon",
        "Не удалось выполнить: {what}",
        "Проверьте подключение к интернету и повторите",
    ),
    errors.NoConnection: (
        "Нет связи с Ozon",
        "Компьютер не в сети, либо сервер не найден: {what}",
        "Проверьте подключение к интернету. Всё полученное раньше доступно и без связи",
    ),
    errors.AnswerTimeout: (
        "Ozon не ответил вовремя",
        "Ответа так и не было: {what}",
        "Повторите позже; если интернет медленный, закройте загрузки",
    ),
    errors.ConnectionLost: (
        "Связь с Ozon прервалась",
        "Связь оборвалась на середине: {what}",
        "Повторите: программа проверит, что Ozon уже получил, и не отправит дважды",
    ),
    errors.InsecureConnection: (
        "Соединение с Ozon не защищено",
        "Сертификат сервера не внушает доверия, поэтому ничего не отправлено: {what}",
        "Проверьте дату на компьютере, антивирус и корневые сертификаты, либо подключитесь к другой сети",
    ),
    errors.ProxyFailed: (
        "Не отвечает прокси-сервер",
        "Прокси из настроек системы отказал или недоступен: {what}",
        "Проверьте настройки прокси в системе или спросите администратора сети",
    ),
    errors.BackOfficeError: (
        "Магазин ответил ошибкой",
        "Не получилось: {what}: {detail}",
        "Попробуйте позже; если повторится, проверьте подключение магазина на странице «Интеграция»",
    ),
    errors.BackOfficeUnreachable: (
        "Нет связи с магазином",
        "Сервер не найден, не ответил вовремя или связь оборвалась: {what}",
        "Проверьте подключение к интернету и адрес. Всё полученное раньше осталось",
    ),
    errors.BackOfficeNotTrusted: (
        "Соединение с магазином не защищено",
        "Сертификат сервера не внушает доверия, поэтому ничего не отправлено: {what}",
        "Проверьте дату на компьютере, антивирус и адрес: он должен начинаться с https",
    ),
    errors.BackOfficeLoginRefused: (
        "Магазин не принял логин или пароль",
        "Войти не удалось: {what}",
        "Введите логин и пароль заново на странице «Интеграция», вкладка «Магазин»",
    ),
    errors.BackOfficeRightMissing: (
        "В магазине не хватает прав",
        "Этому логину не разрешено: {what}",
        "Попросите владельца магазина дать это право или подключитесь под другим логином",
    ),
    errors.BackOfficeLimited: (
        "Магазин просит подождать",
        "Запросов за короткое время больше, чем разрешено. Ждать {wait}: {what}",
        "Программа повторит сама",
    ),
    errors.BackOfficeFailed: (
        "В магазине неполадки",
        "Сервер магазина ответил, что сломался сам: {what}",
        "Программа повторит сама; если не пройдёт за час, спросите поддержку магазина",
    ),
    errors.BackOfficeRefused: (
        "Магазин отклонил запрос",
        "Не получилось: {what}: {detail}",
        "Исправьте названное в магазине или в настройках подключения",
    ),
    errors.BackOfficeNotFound: (
        "По этому адресу ничего нет",
        "Сервер не нашёл: {what}",
        "Проверьте адрес: откройте его в браузере",
    ),
    errors.BackOfficeAnswerUnreadable: (
        "Ответ магазина не прочитан",
        "Не получилось: {what}: {detail}",
        "Из этого ответа ничего не взято. Проверьте адрес; если он верный, спросите поддержку магазина",
    ),
    errors.BackOfficeAnswerTooLarge: (
        "Ответ магазина слишком большой",
        "Не получилось: {what}: {detail}",
        "Из этого ответа ничего не взято. Выгружайте магазин частями или без картинок внутри файла",
    ),
    errors.PortInUse: (
        "Порт занят",
        "Порт {what} слушает другая программа. Свободен: {detail}",
        "Выберите другой порт и впишите новый адрес в 1С",
    ),
    errors.StoreFileError: (
        "Файл магазина не прочитан",
        "Файл {what}: {detail}",
        "Выгрузите данные из магазина заново",
    ),
    errors.FileNotReadable: (
        "Файл не открывается",
        "Файла нет, либо к нему нет доступа: {what}",
        "Проверьте, что файл на месте и не открыт в другой программе",
    ),
    errors.OrdersFolderTaken: (
        "В эту папку заказы уже пишет другая программа",
        "Заказы того же кабинета выгружает другой компьютер со своей базой, вместе получилось бы по два раза: {what} ({detail})",
        "Оставьте выгрузку на одном компьютере или дайте обоим одну базу. Если тот больше не работает, удалите из папки названный файл",
    ),
    errors.UnknownFormat: (
        "Неизвестный формат файла",
        "Не похоже на выгрузку магазина: {what}",
        "Нужен файл CommerceML (import.xml, offers.xml), YML, XLSX или CSV",
    ),
    errors.BrokenFile: (
        "Файл повреждён",
        "Файл обрывается или записан с ошибкой: {what}: {detail}",
        "Выгрузите данные из магазина заново и дождитесь конца выгрузки; если повторится, исправьте это место в магазине",
    ),
    errors.NoHeadings: (
        "Нет названий столбцов",
        "В таблице {what} нет строки, где есть «Наименование» и «Артикул», «Код» или «Штрихкод»",
        "Подпишите столбцы и добавьте артикул, код или штрихкод: по нему товар узнают на Ozon и в следующей выгрузке",
    ),
    errors.UnsafeFile: (
        "Файл небезопасен",
        "В файле есть то, чего в выгрузке магазина не бывает: {what}",
        "Проверьте, откуда файл, и выгрузите данные из магазина заново",
    ),
    errors.SheetTooLarge: (
        "Таблица слишком большая",
        "Файл {what} не читается: {detail}",
        "Загрузите таблицу, в которой нет ничего, кроме заполненных строк и столбцов",
    ),
    errors.WrongValue: (
        "В файле неверное значение",
        "Файл {what}: {detail}",
        "Исправьте значение в магазине и выгрузите данные заново",
    ),
    errors.WordTableError: (
        "Ошибка в таблице слов",
        "Файл {what}: {detail}",
        "Исправьте эту строку в папке resources/matching программы или установите программу заново",
    ),
    errors.StorageError: (
        "База данных программы не работает",
        "Ошибка базы {what}: {detail}",
        "Перезапустите программу; если не поможет, проверьте место на диске",
    ),
    errors.NewerDatabase: (
        "База данных новее программы",
        "С этой базой уже работала более новая версия программы: {what}",
        "Установите новую версию программы: старая не тронет данные",
    ),
    errors.DatabaseUnavailable: (
        "База данных недоступна",
        "Не открывается: {what}. {detail}",
        "Проверьте место на диске и доступ к папке данных, а для сервера базы — сеть",
    ),
    errors.DatabaseFull: (
        "Нет места на диске",
        "Записать не удалось, ничего не записано наполовину: {what}. {detail}",
        "Освободите место на этом диске: программа продолжит сама",
    ),
    errors.DatabaseReadOnly: (
        "База данных только для чтения",
        "Записать не удалось: {what}. {detail}",
        "Разрешите запись в папку данных или выберите другую: --data-dir",
    ),
    errors.DatabaseNotAllowed: (
        "Нет доступа к базе данных",
        "Этому пользователю нельзя открыть базу или файлы рядом с ней (-wal, -shm): {what}. {detail}",
        "Верните себе права на папку данных или выберите другую: --data-dir",
    ),
    errors.DatabaseLoginRefused: (
        "Сервер базы данных не принял имя или пароль",
        "Войти не удалось: {what}. {detail}",
        "Проверьте имя и пароль в адресе базы данных",
    ),
    errors.DatabaseNotThere: (
        "На сервере нет такой базы данных",
        "Сервер отвечает, но базы нет: {what}. {detail}",
        "Проверьте имя базы в её адресе или создайте её на сервере",
    ),
    errors.DatabaseDamaged: (
        "База данных повреждена",
        "Это больше не база этой программы — файл испорчен, обрезан, пуст или записан другой программой: {what}. {detail}",
        "Верните копию: ozon-desktop doctor --restore",
    ),
    errors.DatabaseBusy: (
        "База данных занята",
        "С базой работает другая программа: {what}",
        "Закройте вторую копию программы и повторите",
    ),
    errors.DatabaseAddressMissing: (
        "Нет адреса базы данных",
        "Адрес базы должен быть в хранилище ключей, но его там нет; другая база вместо неё не открывается",
        "Дайте адрес ещё раз: doctor --keep-database-url или переменная OZON_DESKTOP_DATABASE_URL",
    ),
    errors.SecretStoreError: (
        "Хранилище паролей не работает",
        "Система не дала доступ к ключу или паролю: {what}",
        "Перезапустите компьютер и введите ключ или пароль заново",
    ),
    errors.NoSecretStore: (
        "В системе нет хранилища паролей",
        "Ключ API негде хранить безопасно, поэтому он не сохранён",
        "Установите хранилище паролей системы или задайте ключ в переменной OZON_DESKTOP_API_KEY",
    ),
    errors.SecretStoreLocked: (
        "Хранилище паролей закрыто",
        "Система не разрешила прочитать ключ или пароль",
        "Разблокируйте хранилище паролей и разрешите доступ программе",
    ),
    errors.KeyMissing: (
        "Ключ API не сохранён",
        "В хранилище паролей нет ключа этого кабинета",
        "Введите ключ API на странице «Интеграция» и нажмите «Обновить»",
    ),
    errors.MailError: ("Почтовый сервер ответил ошибкой", "Сервер {what}: {detail}", "Проверьте настройки: «Файл → Уведомления…»"),
    errors.MailServerNotFound: (
        "Почтовый сервер не найден",
        "Нет такого сервера, либо компьютер не в сети: {what}",
        "Проверьте имя сервера (например, smtp.yandex.ru) и подключение к интернету",
    ),
    errors.MailServerUnreachable: (
        "Почтовый сервер не принимает соединение",
        "Соединение отклонено или оборвано: {what}",
        "Проверьте порт и защиту соединения: обычно 465 и TLS или 587 и STARTTLS",
    ),
    errors.MailTimeout: (
        "Почтовый сервер не ответил вовремя",
        "Ответа так и не было: {what}",
        "Проверьте порт и защиту соединения; некоторые сети не пропускают почту программ",
    ),
    errors.MailNotTrusted: (
        "Сертификат почтового сервера не внушает доверия",
        "Пароль и письмо не отправлены: {what}",
        "Проверьте имя сервера и дату на компьютере; сертификат своего сервера добавьте в доверенные в системе",
    ),
    errors.MailNotProtected: (
        "Почтовый сервер не поддерживает выбранную защиту",
        "Пароль и письмо не отправлены: {what}",
        "Выберите другую защиту и её порт: TLS — обычно 465, STARTTLS — 587",
    ),
    errors.MailLoginRefused: (
        "Почтовый сервер не принял имя или пароль",
        "Не удалось войти как {what}",
        "Введите пароль заново. Яндексу, Mail.ru и Gmail нужен пароль приложения: его создают в настройках почты",
    ),
    errors.MailPasswordMissing: (
        "Пароль почты не сохранён",
        "Нет пароля для входа на почтовый сервер: {what}",
        "Введите пароль: «Файл → Уведомления…»",
    ),
    errors.MailSenderRefused: (
        "Почтовый сервер не принял отправителя",
        "От этого адреса писать не разрешено: {what}",
        "Укажите отправителем адрес того ящика, под которым входите",
    ),
    errors.MailRecipientRefused: (
        "Почтовый сервер не принял получателя",
        "Письмо на этот адрес не принято: {what}",
        "Проверьте адрес получателя",
    ),
    errors.MailRefused: (
        "Почтовый сервер не принял письмо",
        "Сервер {what}: {detail}",
        "Попробуйте позже; если повторится, спросите службу поддержки почты",
    ),
    errors.NotPossibleYet: (
        "Пока нельзя",
        "Сначала {missing}",
        "Сделайте это на странице «Интеграция» или «Категории»",
    ),
    errors.AlreadyRunning: (
        "Уже выполняется",
        "Другой запуск этой интеграции ещё не закончился: {detail}",
        "Дождитесь его конца или остановите его",
    ),
    errors.NotConfirmed: (
        "Ждёт вашего просмотра",
        "В кабинет {what} ещё ничего не отправляли: первая отправка — только после просмотра",
        "Откройте просмотр на странице «Синхронизация» и нажмите «Отправить». Без окна: sync --dry-run, затем sync --confirm НОМЕР",
    ),
    errors.TakeOverNeeded: (
        "Нужен перенос магазина",
        "{what}: товары те же, но id у них другие — {detail}. Пока работает прежний источник",
        "Посмотрите перенос и подтвердите его. Без окна: store take-over, затем store take-over --confirm НОМЕР",
    ),
    errors.NothingTakenOver: (
        "Отменять нечего",
        "Магазин не переносили на другой источник, либо перенос уже отменён",
        "Отменить можно только последний перенос",
    ),
    errors.TakeOverChanged: (
        "Перенос уже другой",
        "{what}: с того просмотра что-то изменилось, поэтому ничего не сделано. {detail}",
        "Посмотрите перенос снова и подтвердите новый просмотр. Без окна: store take-over",
    ),
    errors.NewProductsChanged: (
        "Список уже другой",
        "{what}: с того просмотра что-то изменилось, поэтому ничего не создано. Номер просмотра теперь {detail}",
        "Посмотрите список снова и подтвердите новый просмотр. Без окна: store create, затем store create --confirm НОМЕР",
    ),
    errors.PlanChanged: (
        "Изменения уже другие",
        "Кабинет {what}: с того просмотра что-то изменилось, поэтому ничего не отправлено. Номер просмотра теперь {detail}",
        "Посмотрите изменения снова и подтвердите новый просмотр. Без окна: sync --dry-run, затем sync --confirm НОМЕР",
    ),
    errors.ReadOnlyCabinet: (
        "Кабинет только для чтения",
        "Включено «только чтение», поэтому на Ozon ничего не отправляется: {what}",
        "Чтобы отправлять, выключите «только чтение». Без окна: integration read-only off",
    ),
    errors.NotFound: ("Не найдено", "Нет такого: {what}", "Проверьте название или обновите список"),
    errors.Ambiguous: ("Подходит несколько", "По названию {what} нашлись: {detail}", "Укажите точнее"),
    errors.AlreadyMatched: (
        "Уже сопоставлено",
        "Товар {what} уже сопоставлен с карточкой {detail}",
        "Сначала найдите эту пару в «Сопоставлены» и нажмите «Разные товары»",
    ),
    errors.WrongInput: ("Неверное значение", "Поле {what}: {detail}", "Исправьте значение"),
}

# Placeholders: {word} – the entry, {other} – the place it clashes with.
_TABLE_FAULTS = {
    TableFault.MISSING: "файла нет, либо к нему нет доступа",
    TableFault.ENCODING: "текст записан не в UTF-8",
    TableFault.NO_SIGN: "в записи «{word}» нет знака «=»",
    TableFault.SURPLUS_SIGN: "в записи «{word}» лишний знак «=»",
    TableFault.EMPTY: "в записи «{word}» между знаками ничего не написано",
    TableFault.DOUBLE: "«{word}» уже есть: {other}",
    TableFault.SEVERAL: "справа может быть только одно значение, лишнее – «{word}»",
    TableFault.NOT_ONE_WORD: "«{word}» – не одно слово из букв и цифр",
    TableFault.NOT_A_NUMBER: "«{word}» – не число",
    TableFault.CHAIN: "«{word}» само заменяется другим словом: {other}",
}


def table_fault_text(fault: TableFault, word: str = "", other: str = "") -> str:
    """What is wrong in a word table. other: «file:line»."""
    file, _, line = other.partition(":")
    return _TABLE_FAULTS[fault].format(word=word, other=f"{file}, строка {line}" if line else file)


def error_text(error: BaseException) -> ErrorText:
    """The words of a failure. A subclass without words of its own takes its base's; anything unexpected says so with its own text."""
    words = next((_TEXTS[kind] for kind in type(error).__mro__ if kind in _TEXTS), None)
    if words is None or not isinstance(error, AppError):
        return ErrorText(
            "Непредвиденная ошибка",
            f"{type(error).__name__}: {error}",
            "Скопируйте текст и отправьте разработчикам: это ошибка программы",
        )
    title, text, action = words
    values = {"what": _what(error), "detail": _detail(error), "wait": _wait(error), "missing": _missing(error)}
    if isinstance(error, errors.DatabaseDamaged):
        action = way_back(error.backups)
    return ErrorText(title, _tidy(text.format(**values), title), action)


def error_line(error: AppError) -> str:
    """What happened in one line, as the journal and letters keep it: without what to do about it."""
    words = error_text(error)
    return f"{words.title}. {words.text}" if words.text else words.title


def unexpected_line(kind: str) -> str:
    """An error nobody foresaw, in one line. kind: the name of its class, by which it is found in the log."""
    return f"Непредвиденная ошибка. {kind}, подробности в журнале программы (папка logs)"


def has_own_text(kind: type[AppError]) -> bool:
    """Whether this very class has words; the completeness test asks it."""
    return kind in _TEXTS


def title_of(class_name: str) -> str:
    """The title of an error known by the name of its class, as the journal keeps it; "" when there is no such class."""
    return next((words[0] for kind, words in _TEXTS.items() if kind.__name__ == class_name), "")


def bad_item_text(bad: BadItem) -> str:
    """What of an answer was left out: «Ozon ответил непонятно: цены в кабинете (/v5/…), товар RU-1, поле price.price»."""
    return f"Ozon ответил непонятно: {_place(bad.method, bad.item, bad.field, product=bool(bad.offer_id))}"


def _place(method: str, item: str, field: str, *, product: bool = False) -> str:
    named = f"товар {item}" if product else item
    return ", ".join(part for part in (method_text(method), named if item else "", f"поле {field}" if field else "") if part)


def _what(error: AppError) -> str:
    if isinstance(error, UnexpectedAnswer):
        return _place(error.subject, error.item, error.field)
    if isinstance(error, OzonError | NetworkError):
        return method_text(error.subject)
    if isinstance(error, errors.BackOfficeError):
        return error.subject
    if isinstance(error, StoreFileError):
        places = [f"«{error.subject}»" if error.subject else ""]
        places += [f"строка {error.line}" if error.line else "", f"элемент {error.element}" if error.element else ""]
        places += [f"товар «{error.product}»" if error.product else ""]
        return ", ".join(place for place in places if place)
    if isinstance(error, WordTableError):
        return f"«{error.subject}», строка {error.line}" if error.line else f"«{error.subject}»"
    if isinstance(error, ReadOnlyCabinet) and error.subject.startswith("/"):
        return method_text(error.subject)
    if isinstance(error, NotConfirmed | ReadOnlyCabinet):
        return f"«{error.subject}»"
    return field_label(error.subject)


def _detail(error: AppError) -> str:
    if isinstance(error, errors.BrokenFile):
        return broken_cause_text(error.detail) or ("в этом месте нарушена запись XML" if error.line else error.detail)
    if isinstance(error, WordTableError) and error.fault:
        return table_fault_text(TableFault(error.fault), error.word, error.other)
    if isinstance(error, errors.WrongInput) and error.detail == FieldProblem.REQUIRED:
        return "не заполнено"
    return error.detail


def _wait(error: AppError) -> str:
    return duration(max(error.retry_after, 1)) if isinstance(error, RateLimited | errors.BackOfficeLimited) else "немного"


def _missing(error: AppError) -> str:
    if not isinstance(error, NotPossibleYet):
        return error.detail
    known = {item.value: item for item in Missing}
    texts = [missing_text(known[name]) if name in known else name for name in error.missing]
    return "; ".join(text[:1].lower() + text[1:] for text in texts)


def _tidy(text: str, title: str) -> str:
    """Without the colons left over by an empty subject or detail; never just a repetition of nothing."""
    cleaned = text.replace("  ", " ").replace(" :", ":").lstrip(": ").rstrip(": .")
    # A file name or a path keeps its case.
    return (capital(cleaned) if "а" <= cleaned[:1] <= "ё" else cleaned) or title
