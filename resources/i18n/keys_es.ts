<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<!-- Names of keys as they stand on Spanish keyboards; Qt's own ("Control", "Mayúsculas") are too long for a button. -->
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
</TS>
