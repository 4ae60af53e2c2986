"""Answers that are errors, in the words and with the numbers of the documentation."""

from collections.abc import Mapping

from .model import Json

INFO = "https://dev.moysklad.ru/doc/api/remap/1.2/#error_"


class ApiError(Exception):
    """status 415 has no body. headers: added to those of every answer."""

    def __init__(self, status: int, code: int, text: str, parameter: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.text = text
        self.parameter = parameter
        self.headers = dict(headers or {})

    def body(self) -> Json | None:
        if self.status == 415:
            return None
        named = {"parameter": self.parameter} if self.parameter else {}
        numbered = {"code": self.code, "moreInfo": f"{INFO}{self.code}"} if self.code else {}
        return {"errors": [{"error": self.text} | named | numbered]}


def not_found(kind: str, id_: str) -> ApiError:
    return ApiError(404, 1021, f"Объект с типом '{kind}' и идентификатором '{id_}' не найден")


def unknown_path(path: str) -> ApiError:
    return ApiError(404, 1002, f"Неопознанный путь: {path}")


def wrong_login() -> ApiError:
    return ApiError(401, 1056, "Ошибка аутентификации: Неправильный пароль или имя пользователя или ключ авторизации")


def cut_off() -> ApiError:
    return ApiError(403, 1061, "Отсутствует доступ к API для данного пользователя")


def may_not(action: str) -> ApiError:
    code, what = {"view": (1016, "просмотр"), "delete": (1018, "удаление")}.get(action, (1017, "редактирование"))
    return ApiError(403, code, f"Доступ запрещен: у вас нет прав на {what} данного объекта")


def wrong_filter(text: str) -> ApiError:
    return ApiError(400, 1034, f"Ошибка фильтрации: {text}", "filter")


def wrong_parameter(name: str, value: str) -> ApiError:
    return ApiError(400, 1091, f"Недопустимые значения {value} параметра запроса {name}", name)


def missing_field(name: str) -> ApiError:
    return ApiError(412, 3000, f"Ошибка сохранения объекта: поле '{name}' не может быть пустым или отсутствовать", name)


def wrong_field(name: str, why: str) -> ApiError:
    return ApiError(400, 2016, f"Ошибка формата: значение поля '{name}' {why}", name)
