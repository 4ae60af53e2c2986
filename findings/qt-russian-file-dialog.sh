#!/usr/bin/env bash
# PySide6-Essentials 6.11.3: the wheel brings qtbase_ru.qm, and with it loaded QFileDialog is Russian, except the two labels «Look in:» and
# «Files of type:», which stay English although their neighbours are translated: the strings changed in Qt and the Russian catalogue did not follow.
# Seen wherever Qt draws the dialog itself, as on a Linux desktop without a platform theme.
# In the program: the labels are set by the place that opens file dialogs.
source "$(dirname "$0")/environment.bash" PySide6-Essentials==6.11.3
QT_QPA_PLATFORM=offscreen "$python" - <<'PY'
from PySide6.QtCore import QLibraryInfo, QTranslator, qVersion
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

app = QApplication([])
translator = QTranslator(app)
assert translator.load("qtbase_ru", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
app.installTranslator(translator)
dialog = QFileDialog()
dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
texts = [label.text() for label in dialog.findChildren(QLabel)]
print("Qt", qVersion(), texts)
assert texts == ["&Look in:", "&Имя файла:", "Files of &type:"], texts
PY
