<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<!-- Names of keys as they stand on Spanish keyboards; Qt's own ("Control", "Mayúsculas") are too long for a button. And what Qt's own
     Spanish leaves in English: half of its file dialog. -->
<TS version="2.1" language="es">
  <context>
    <name>QShortcut</name>
    <message><source>Ctrl</source><translation>Ctrl</translation></message>
    <message><source>Shift</source><translation>Mayús</translation></message>
    <message><source>Return</source><translation>Intro</translation></message>
    <message><source>Enter</source><translation>Intro</translation></message>
    <message><source>Backspace</source><translation>Retroceso</translation></message>
    <message><source>Esc</source><translation>Esc</translation></message>
    <message><source>Escape</source><translation>Esc</translation></message>
    <message><source>Del</source><translation>Supr</translation></message>
    <message><source>Delete</source><translation>Supr</translation></message>
    <message><source>Ins</source><translation>Ins</translation></message>
    <message><source>Tab</source><translation>Tab</translation></message>
    <message><source>PgUp</source><translation>RePág</translation></message>
    <message><source>PgDown</source><translation>AvPág</translation></message>
    <message><source>Page Up</source><translation>RePág</translation></message>
    <message><source>Page Down</source><translation>AvPág</translation></message>
  </context>
  <context>
    <name>QFileDialog</name>
    <message><source>&amp;Look in:</source><translation>&amp;Buscar en:</translation></message>
    <message><source>Look in:</source><translation>Buscar en:</translation></message>
    <message><source>Files of &amp;type:</source><translation>&amp;Tipo de archivo:</translation></message>
    <message><source>Files of type:</source><translation>Tipo de archivo:</translation></message>
    <message><source>&amp;File name:</source><translation>&amp;Nombre:</translation></message>
    <message><source>File &amp;name:</source><translation>&amp;Nombre:</translation></message>
    <message><source>File name:</source><translation>Nombre:</translation></message>
    <message><source>Directory:</source><translation>Carpeta:</translation></message>
  </context>
  <context>
    <name>QFileSystemModel</name>
    <message><source>%1 bytes</source><translation>%1 bytes</translation></message>
    <message><source>%1 byte(s)</source><translation>%1 bytes</translation></message>
  </context>
  <context>
    <name>QPlatformTheme</name>
    <message><source>&amp;No</source><translation>&amp;No</translation></message>
  </context>
</TS>
