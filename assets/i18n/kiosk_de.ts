<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>Attract</name>
    <message>
        <source>Touch to start</source>
        <translation>Zum Starten berühren</translation>
    </message>
</context>
<context>
    <name>Badge</name>
    <message>
        <source>Needs attention</source>
        <translation>Bitte prüfen</translation>
    </message>
    <message>
        <source>Clock wrong</source>
        <translation>Uhr falsch</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n wartet</numerusform>
            <numerusform>%n warten</numerusform>
        </translation>
    </message>
    <message>
        <source>All sent</source>
        <translation>Alles gesendet</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>The clock of this machine is wrong. Selling goes on, and drops stay open meanwhile. Please set the clock.</source>
        <translation>Die Uhr dieses Geräts geht falsch. Der Verkauf geht weiter, und Drops bleiben so lange offen. Bitte stellen Sie die Uhr.</translation>
    </message>
    <message>
        <source>This event is over. Selling goes on; load the next event when it begins.</source>
        <translation>Diese Veranstaltung ist vorbei. Der Verkauf geht weiter; laden Sie die nächste, wenn sie beginnt.</translation>
    </message>
</context>
<context>
    <name>Boot</name>
    <message>
        <source>Kiosk</source>
        <translation>Kiosk</translation>
    </message>
    <message>
        <source>Opening the till</source>
        <translation>Die Kasse öffnet</translation>
    </message>
</context>
<context>
    <name>CartPanel</name>
    <message>
        <source>Your cart</source>
        <translation>Ihr Korb</translation>
    </message>
    <message>
        <source>Close the cart</source>
        <translation>Den Korb schließen</translation>
    </message>
    <message>
        <source>Nothing in it yet. Touch “Add” on a card.</source>
        <translation>Noch leer. Berühren Sie „Dazu“ auf einer Karte.</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>Summe</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
</context>
<context>
    <name>CashDrawer</name>
    <message>
        <source>To pay</source>
        <translation>Zu zahlen</translation>
    </message>
    <message>
        <source>Given</source>
        <translation>Gegeben</translation>
    </message>
    <message>
        <source>Change due</source>
        <translation>Rückgeld</translation>
    </message>
    <message>
        <source>Still missing</source>
        <translation>Es fehlen noch</translation>
    </message>
    <message>
        <source>Exact</source>
        <translation>Passend</translation>
    </message>
    <message>
        <source>Exactly %1</source>
        <translation>Genau %1</translation>
    </message>
</context>
<context>
    <name>Checks</name>
    <message>
        <source>In order</source>
        <translation>In Ordnung</translation>
    </message>
    <message>
        <source>To know</source>
        <translation>Zu wissen</translation>
    </message>
    <message>
        <source>To do</source>
        <translation>Zu tun</translation>
    </message>
    <message>
        <source>Everything is in order.</source>
        <translation>Alles ist in Ordnung.</translation>
    </message>
    <message>
        <source>The kiosk is well; there is something to know.</source>
        <translation>Dem Kiosk geht es gut; es gibt etwas zu wissen.</translation>
    </message>
    <message>
        <source>There is something to do. What was sold is kept.</source>
        <translation>Es gibt etwas zu tun. Was verkauft wurde, ist verwahrt.</translation>
    </message>
    <message>
        <source>Program {program}, tables {schema}, SQLite {sqlite}, SQLCipher {sqlcipher}, {openssl}, Python {python}, Qt {qt}.</source>
        <translation>Programm {program}, Tabellen {schema}, SQLite {sqlite}, SQLCipher {sqlcipher}, {openssl}, Python {python}, Qt {qt}.</translation>
    </message>
    <message>
        <source>The data lie on a disk of this machine.</source>
        <translation>Die Daten liegen auf einer Platte dieses Geräts.</translation>
    </message>
    <message>
        <source>The data lie in a folder that another program copies elsewhere: {folder}.</source>
        <translation>Die Daten liegen in einem Ordner, den ein anderes Programm kopiert: {folder}.</translation>
    </message>
    <message>
        <source>Close the kiosk, move the whole folder to one that nothing copies, and start it there.</source>
        <translation>Schließen Sie den Kiosk, verschieben Sie den ganzen Ordner dorthin, wo ihn nichts kopiert, und starten Sie ihn dort.</translation>
    </message>
    <message>
        <source>The data lie on a network disk ({kind}), where a sale can be lost: {folder}.</source>
        <translation>Die Daten liegen auf einem Netzlaufwerk ({kind}), wo ein Verkauf verloren gehen kann: {folder}.</translation>
    </message>
    <message>
        <source>Close the kiosk, move the whole folder to a disk of this machine, and start it there.</source>
        <translation>Schließen Sie den Kiosk, verschieben Sie den ganzen Ordner auf eine Platte dieses Geräts, und starten Sie ihn dort.</translation>
    </message>
    <message>
        <source>Only the kiosk's own user can read the files.</source>
        <translation>Nur der eigene Benutzer des Kiosks kann die Dateien lesen.</translation>
    </message>
    <message>
        <source>Others on this machine may read {file} (mode {mode}).</source>
        <translation>Andere auf diesem Gerät dürfen {file} lesen (Rechte {mode}).</translation>
    </message>
    <message>
        <source>Take their rights away: chmod go= {file}</source>
        <translation>Nehmen Sie ihnen die Rechte: chmod go= {file}</translation>
    </message>
    <message>
        <source>The kiosk may not write in its folder {folder}.</source>
        <translation>Der Kiosk darf in seinem Ordner {folder} nicht schreiben.</translation>
    </message>
    <message>
        <source>Give its user the right to write there.</source>
        <translation>Geben Sie seinem Benutzer das Recht, dort zu schreiben.</translation>
    </message>
    <message>
        <source>{free_mb} MB are free on the disk.</source>
        <translation>{free_mb} MB sind auf der Platte frei.</translation>
    </message>
    <message>
        <source>Only {free_mb} MB are free on the disk; selling needs {needed_mb} MB.</source>
        <translation>Nur {free_mb} MB sind auf der Platte frei; zum Verkaufen sind {needed_mb} MB nötig.</translation>
    </message>
    <message>
        <source>Free some space: remove what does not belong to the kiosk.</source>
        <translation>Schaffen Sie Platz: Entfernen Sie, was nicht zum Kiosk gehört.</translation>
    </message>
    <message>
        <source>There is no reserve for the day the disk is full.</source>
        <translation>Es gibt keine Reserve für den Tag, an dem die Platte voll ist.</translation>
    </message>
    <message>
        <source>Free some space; the reserve comes back by itself while the kiosk rests.</source>
        <translation>Schaffen Sie Platz; die Reserve kommt von selbst wieder, während der Kiosk ruht.</translation>
    </message>
    <message>
        <source>There is no reserve yet for the day the disk is full.</source>
        <translation>Es gibt noch keine Reserve für den Tag, an dem die Platte voll ist.</translation>
    </message>
    <message>
        <source>Nothing to do: there is room for it, and the window makes it by itself while the kiosk rests.</source>
        <translation>Nichts zu tun: Platz ist da, und das Fenster legt sie von selbst an, während der Kiosk ruht.</translation>
    </message>
    <message>
        <source>The key file is whole. It opens with: {methods}.</source>
        <translation>Die Schlüsseldatei ist ganz. Sie öffnet sich mit: {methods}.</translation>
    </message>
    <message>
        <source>There is no key file. Without it nothing opens.</source>
        <translation>Es gibt keine Schlüsseldatei. Ohne sie öffnet sich nichts.</translation>
    </message>
    <message>
        <source>Put kiosk.keys.json back into the folder, from a backup of the folder.</source>
        <translation>Legen Sie kiosk.keys.json aus einer Sicherung des Ordners zurück.</translation>
    </message>
    <message>
        <source>Others on this machine may read the key file (mode {mode}).</source>
        <translation>Andere auf diesem Gerät dürfen die Schlüsseldatei lesen (Rechte {mode}).</translation>
    </message>
    <message>
        <source>Take their rights away: chmod 600 kiosk.keys.json</source>
        <translation>Nehmen Sie ihnen die Rechte: chmod 600 kiosk.keys.json</translation>
    </message>
    <message>
        <source>The key file is damaged ({code}). The sales are safe but locked.</source>
        <translation>Die Schlüsseldatei ist beschädigt ({code}). Die Verkäufe sind sicher, aber verschlossen.</translation>
    </message>
    <message>
        <source>Restore kiosk.keys.json from a backup of the folder.</source>
        <translation>Stellen Sie kiosk.keys.json aus einer Sicherung des Ordners wieder her.</translation>
    </message>
    <message>
        <source>There is a recovery key, and it was kept before the first sale.</source>
        <translation>Es gibt einen Notschlüssel, und er wurde vor dem ersten Verkauf verwahrt.</translation>
    </message>
    <message>
        <source>There is no recovery key: a forgotten passphrase would lock the sales for ever.</source>
        <translation>Es gibt keinen Notschlüssel: Eine vergessene Passphrase würde die Verkäufe für immer verschließen.</translation>
    </message>
    <message>
        <source>Add one: kiosk vault add recovery</source>
        <translation>Legen Sie einen an: kiosk vault add recovery</translation>
    </message>
    <message>
        <source>There is no sales file in {folder}.</source>
        <translation>In {folder} liegt keine Verkaufsdatei.</translation>
    </message>
    <message>
        <source>Check the folder, or set the kiosk up with: kiosk init</source>
        <translation>Prüfen Sie den Ordner, oder richten Sie den Kiosk ein: kiosk init</translation>
    </message>
    <message>
        <source>The sales file was not opened ({code}), so what it holds was not looked at.</source>
        <translation>Die Verkaufsdatei wurde nicht geöffnet ({code}); ihr Inhalt wurde nicht angesehen.</translation>
    </message>
    <message>
        <source>Name the passphrase file, or the recovery key, and look again.</source>
        <translation>Nennen Sie die Passphrase-Datei oder den Notschlüssel, und sehen Sie noch einmal nach.</translation>
    </message>
    <message>
        <source>The sales file is damaged ({check}). Nothing of it was deleted.</source>
        <translation>Die Verkaufsdatei ist beschädigt ({check}). Nichts davon wurde gelöscht.</translation>
    </message>
    <message>
        <source>Close the kiosk and run kiosk salvage: it copies everything readable into a new file.</source>
        <translation>Schließen Sie den Kiosk und führen Sie kiosk salvage aus: Es kopiert alles Lesbare in eine neue Datei.</translation>
    </message>
    <message>
        <source>What was damaged before a salvage is kept in {folders}, with everybody who was erased since.</source>
        <translation>Was vor einer Rettung beschädigt war, liegt noch in {folders}, samt allen, die seither gelöscht wurden.</translation>
    </message>
    <message>
        <source>Delete it once everything that was missing is found or given up.</source>
        <translation>Löschen Sie es, sobald alles Fehlende gefunden oder aufgegeben ist.</translation>
    </message>
    <message>
        <source>The sales file is empty: what was in it is not in this folder any more.</source>
        <translation>Die Verkaufsdatei ist leer: Was darin war, ist nicht mehr in diesem Ordner.</translation>
    </message>
    <message>
        <source>Leave everything as it is, and start from the newest backup or from a copy of the folder.</source>
        <translation>Lassen Sie alles, wie es ist, und beginnen Sie mit der neuesten Sicherung oder einer Kopie des Ordners.</translation>
    </message>
    <message>
        <source>The sales file could not be opened ({code}).</source>
        <translation>Die Verkaufsdatei ließ sich nicht öffnen ({code}).</translation>
    </message>
    <message>
        <source>Look at what the kiosk says when it starts; nothing was changed.</source>
        <translation>Sehen Sie nach, was der Kiosk beim Start sagt; nichts wurde verändert.</translation>
    </message>
    <message>
        <source>The sales file opens and can be read.</source>
        <translation>Die Verkaufsdatei öffnet sich und ist lesbar.</translation>
    </message>
    <message>
        <source>The journal's newest links are whole; there are {links}.</source>
        <translation>Die neuesten Glieder des Journals sind ganz; es sind {links}.</translation>
    </message>
    <message>
        <source>The journal is broken at link {link}.</source>
        <translation>Das Journal ist bei Glied {link} gebrochen.</translation>
    </message>
    <message>
        <source>Stop selling here, keep the folder as it is, and run kiosk salvage.</source>
        <translation>Verkaufen Sie hier nicht weiter, lassen Sie den Ordner, wie er ist, und führen Sie kiosk salvage aus.</translation>
    </message>
    <message>
        <source>The journal is the newest one known (life {life}).</source>
        <translation>Das Journal ist das neueste, das bekannt ist (Leben {life}).</translation>
    </message>
    <message>
        <source>The anchor beside the sales file is missing, so an old copy could not be told.</source>
        <translation>Der Anker neben der Verkaufsdatei fehlt; eine alte Kopie wäre nicht zu erkennen.</translation>
    </message>
    <message>
        <source>Look for the newest copy of the folder. If this is it: kiosk restored</source>
        <translation>Suchen Sie die neueste Kopie des Ordners. Ist es diese: kiosk restored</translation>
    </message>
    <message>
        <source>The anchor beside the sales file cannot be read, so an old copy could not be told.</source>
        <translation>Der Anker neben der Verkaufsdatei ist nicht lesbar; eine alte Kopie wäre nicht zu erkennen.</translation>
    </message>
    <message>
        <source>The anchor beside the sales file was lost, so nobody can tell whether newer sales are missing.</source>
        <translation>Der Anker neben der Verkaufsdatei ging verloren, und niemand kann sagen, ob neuere Verkäufe fehlen.</translation>
    </message>
    <message>
        <source>The anchor beside the sales file belongs to another kiosk.</source>
        <translation>Der Anker neben der Verkaufsdatei gehört zu einem anderen Kiosk.</translation>
    </message>
    <message>
        <source>Put the buffer.anchor back that lay beside this sales file, or move this one out of the folder and run kiosk restored.</source>
        <translation>Legen Sie den buffer.anchor zurück, der neben dieser Verkaufsdatei lag, oder nehmen Sie diesen aus dem Ordner und führen Sie kiosk restored aus.</translation>
    </message>
    <message>
        <source>The anchor knows {known} links, the journal has {links}: an older copy was put back.</source>
        <translation>Der Anker kennt {known} Glieder, das Journal hat {links}: Eine ältere Kopie wurde zurückgelegt.</translation>
    </message>
    <message>
        <source>Look for the newest copy. If there is none: kiosk restored</source>
        <translation>Suchen Sie die neueste Kopie. Gibt es keine: kiosk restored</translation>
    </message>
    <message>
        <source>Another copy of this kiosk has come to link {known}; this one has {links}.</source>
        <translation>Eine andere Kopie dieses Kiosks ist bei Glied {known}; diese hat {links}.</translation>
    </message>
    <message>
        <source>Sell with one of them only. If it is to be this one: kiosk restored</source>
        <translation>Verkaufen Sie nur mit einer. Soll es diese sein: kiosk restored</translation>
    </message>
    <message>
        <source>The numbers of receipts and passes have no gap.</source>
        <translation>Die Nummern der Belege und Pässe haben keine Lücke.</translation>
    </message>
    <message>
        <source>There is a gap in the numbers: {where}.</source>
        <translation>In den Nummern ist eine Lücke: {where}.</translation>
    </message>
    <message>
        <source>Keep the folder as it is, and check everything: kiosk doctor --full</source>
        <translation>Lassen Sie den Ordner, wie er ist, und prüfen Sie alles: kiosk doctor --full</translation>
    </message>
    <message>
        <source>Of {sales} salvaged sales nobody knows what they owe, so nothing of them is sent: {receipts}.</source>
        <translation>Von {sales} geretteten Verkäufen weiß niemand, was sie schulden; von ihnen wird nichts gesendet: {receipts}.</translation>
    </message>
    <message>
        <source>Look each of them up at Stripe, and enter by hand what is missing there.</source>
        <translation>Suchen Sie jeden davon bei Stripe, und tragen Sie von Hand ein, was dort fehlt.</translation>
    </message>
    <message>
        <source>This file was salvaged once: {sales} sales in part, {links} journal links missing.</source>
        <translation>Diese Datei wurde einmal gerettet: {sales} Verkäufe in Teilen, {links} Glieder des Journals fehlen.</translation>
    </message>
    <message>
        <source>Compare those sales with their receipts; the damaged file lies in damaged-1.</source>
        <translation>Vergleichen Sie diese Verkäufe mit den Belegen; die beschädigte Datei liegt in damaged-1.</translation>
    </message>
    <message>
        <source>Everything is sent.</source>
        <translation>Alles ist gesendet.</translation>
    </message>
    <message>
        <source>{entries} entries wait to be sent; they are sent by themselves.</source>
        <translation>{entries} Einträge warten auf das Senden; sie werden von selbst gesendet.</translation>
    </message>
    <message>
        <source>{entries} entries wait to be sent, the oldest for {hours} hours.</source>
        <translation>{entries} Einträge warten auf das Senden, der älteste seit {hours} Stunden.</translation>
    </message>
    <message>
        <source>Bring the kiosk to a network and leave it open until everything is sent.</source>
        <translation>Bringen Sie den Kiosk in ein Netz, und lassen Sie ihn offen, bis alles gesendet ist.</translation>
    </message>
    <message>
        <source>Nothing waits for a person.</source>
        <translation>Nichts wartet auf einen Menschen.</translation>
    </message>
    <message>
        <source>{entries} things wait for a person.</source>
        <translation>{entries} Dinge warten auf einen Menschen.</translation>
    </message>
    <message>
        <source>Look at the outbox.</source>
        <translation>Sehen Sie im Ausgang nach.</translation>
    </message>
    <message>
        <source>The clock is right, to {seconds} seconds.</source>
        <translation>Die Uhr geht richtig, auf {seconds} Sekunden.</translation>
    </message>
    <message>
        <source>The clock has not been compared with Stripe's yet; nothing speaks against it.</source>
        <translation>Die Uhr wurde noch nicht mit der von Stripe verglichen; nichts spricht gegen sie.</translation>
    </message>
    <message>
        <source>The clock of this machine is wrong, by {seconds} seconds as far as is known.</source>
        <translation>Die Uhr dieses Geräts geht falsch, soweit bekannt um {seconds} Sekunden.</translation>
    </message>
    <message>
        <source>Set the clock. Selling goes on meanwhile.</source>
        <translation>Stellen Sie die Uhr. Der Verkauf geht inzwischen weiter.</translation>
    </message>
    <message>
        <source>Everything was checked {days} days ago: {sales} sales, and nothing was wrong.</source>
        <translation>Alles wurde vor {days} Tagen geprüft: {sales} Verkäufe, und nichts war falsch.</translation>
    </message>
    <message>
        <source>Not everything has been checked yet.</source>
        <translation>Es wurde noch nicht alles geprüft.</translation>
    </message>
    <message>
        <source>Check everything now; selling goes on meanwhile.</source>
        <translation>Prüfen Sie jetzt alles; der Verkauf geht inzwischen weiter.</translation>
    </message>
    <message>
        <source>Everything was last checked {days} days ago.</source>
        <translation>Alles wurde zuletzt vor {days} Tagen geprüft.</translation>
    </message>
    <message>
        <source>Check everything again; selling goes on meanwhile.</source>
        <translation>Prüfen Sie alles noch einmal; der Verkauf geht inzwischen weiter.</translation>
    </message>
    <message>
        <source>Faults that the last check of everything found: {flaws}. Nothing of the file was changed.</source>
        <translation>Fehler, die die letzte Prüfung von allem fand: {flaws}. An der Datei wurde nichts verändert.</translation>
    </message>
    <message>
        <source>Close the kiosk, make a copy of its folder, and run kiosk salvage.</source>
        <translation>Schließen Sie den Kiosk, kopieren Sie seinen Ordner, und führen Sie kiosk salvage aus.</translation>
    </message>
    <message>
        <source>The last backup is {hours} hours old.</source>
        <translation>Die letzte Sicherung ist {hours} Stunden alt.</translation>
    </message>
    <message>
        <source>The last backup is {hours} hours old by now.</source>
        <translation>Die letzte Sicherung ist schon {hours} Stunden alt.</translation>
    </message>
    <message>
        <source>There is no backup yet.</source>
        <translation>Es gibt noch keine Sicherung.</translation>
    </message>
    <message>
        <source>Make one: kiosk backup --out FILE</source>
        <translation>Machen Sie eine: kiosk backup --out DATEI</translation>
    </message>
    <message>
        <source>Make a new one: kiosk backup</source>
        <translation>Machen Sie eine neue: kiosk backup</translation>
    </message>
    <message>
        <source>The last backup failed ({problem}).</source>
        <translation>Die letzte Sicherung ist misslungen ({problem}).</translation>
    </message>
    <message>
        <source>Look whether there is room where the backups go, then: kiosk backup</source>
        <translation>Sehen Sie nach, ob dort Platz ist, wohin gesichert wird; dann: kiosk backup</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Versionen</translation>
    </message>
    <message>
        <source>Where the data lie</source>
        <translation>Ort der Daten</translation>
    </message>
    <message>
        <source>Rights of the files</source>
        <translation>Rechte der Dateien</translation>
    </message>
    <message>
        <source>Free space</source>
        <translation>Freier Platz</translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>Reserve</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Recovery key</source>
        <translation>Notschlüssel</translation>
    </message>
    <message>
        <source>Sales file</source>
        <translation>Verkaufsdatei</translation>
    </message>
    <message>
        <source>Journal</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Anchor</source>
        <translation>Anker</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>Nummern</translation>
    </message>
    <message>
        <source>Damaged files</source>
        <translation>Beschädigte Dateien</translation>
    </message>
    <message>
        <source>Salvage</source>
        <translation>Rettung</translation>
    </message>
    <message>
        <source>To be sent</source>
        <translation>Zu senden</translation>
    </message>
    <message>
        <source>For a person</source>
        <translation>Für einen Menschen</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>Uhr</translation>
    </message>
    <message>
        <source>Check of everything</source>
        <translation>Prüfung von allem</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Sicherung</translation>
    </message>
    <message>
        <source>Reading every page</source>
        <translation>Liest jede Seite</translation>
    </message>
    <message>
        <source>Reading the tables' plan</source>
        <translation>Liest den Plan der Tabellen</translation>
    </message>
    <message>
        <source>Checking the tables</source>
        <translation>Prüft die Tabellen</translation>
    </message>
    <message>
        <source>Checking what belongs together</source>
        <translation>Prüft, was zusammengehört</translation>
    </message>
    <message>
        <source>Following the journal</source>
        <translation>Folgt dem Journal</translation>
    </message>
    <message>
        <source>Counting receipts and passes</source>
        <translation>Zählt Belege und Pässe</translation>
    </message>
    <message>
        <source>Counting what was sold</source>
        <translation>Zählt, was verkauft wurde</translation>
    </message>
</context>
<context>
    <name>Consent</name>
    <message>
        <source>Terms</source>
        <translation>Bedingungen</translation>
    </message>
    <message>
        <source>News about the next drops</source>
        <translation>Neues über die nächsten Drops</translation>
    </message>
    <message>
        <source>How your data is used</source>
        <translation>Wie Ihre Daten verwendet werden</translation>
    </message>
    <message>
        <source>Right to withdraw</source>
        <translation>Widerrufsrecht</translation>
    </message>
    <message>
        <source>I agree to the terms</source>
        <translation>Ich stimme den Bedingungen zu</translation>
    </message>
    <message>
        <source>Send me news about the next drops</source>
        <translation>Schicken Sie mir Neues über die nächsten Drops</translation>
    </message>
    <message>
        <source>I have read how my data is used</source>
        <translation>Ich habe gelesen, wie meine Daten verwendet werden</translation>
    </message>
    <message>
        <source>I know about my right to withdraw</source>
        <translation>Ich kenne mein Widerrufsrecht</translation>
    </message>
    <message>
        <source>I agree to “%1”</source>
        <translation>Ich stimme „%1“ zu</translation>
    </message>
</context>
<context>
    <name>Details</name>
    <message>
        <source>Your details</source>
        <translation>Ihre Angaben</translation>
    </message>
    <message>
        <source>So that your pass carries your name and the receipt finds you.</source>
        <translation>Damit der Pass Ihren Namen trägt und der Beleg Sie findet.</translation>
    </message>
    <message>
        <source>Full name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-Mail</translation>
    </message>
    <message>
        <source>Did you mean %1?</source>
        <translation>Meinten Sie %1?</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Continue · %1</source>
        <translation>Weiter · %1</translation>
    </message>
</context>
<context>
    <name>Doctor</name>
    <message>
        <source>Doctor</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>Check everything</source>
        <translation>Alles prüfen</translation>
    </message>
    <message>
        <source>Selling goes on meanwhile.</source>
        <translation>Der Verkauf geht inzwischen weiter.</translation>
    </message>
    <message>
        <source>Looking …</source>
        <translation>Sieht nach …</translation>
    </message>
</context>
<context>
    <name>Drop</name>
    <message>
        <source>Opens soon</source>
        <translation>Öffnet bald</translation>
    </message>
    <message>
        <source>Sold out</source>
        <translation>Ausverkauft</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Beendet</translation>
    </message>
    <message numerus="yes">
        <source>%n left</source>
        <translation>
            <numerusform>Noch %n</numerusform>
            <numerusform>Noch %n</numerusform>
        </translation>
    </message>
    <message>
        <source>Open now</source>
        <translation>Jetzt offen</translation>
    </message>
    <message>
        <source>Opens in %1</source>
        <translation>Öffnet in %1</translation>
    </message>
    <message>
        <source>Closes in %1</source>
        <translation>Endet in %1</translation>
    </message>
    <message>
        <source>Opens in</source>
        <translation>Öffnet in</translation>
    </message>
    <message>
        <source>Closes in</source>
        <translation>Endet in</translation>
    </message>
</context>
<context>
    <name>Empty</name>
    <message>
        <source>No event yet</source>
        <translation>Noch kein Event</translation>
    </message>
    <message>
        <source>The till is ready. Load an event, and the shop opens.</source>
        <translation>Die Kasse ist bereit. Laden Sie ein Event, dann öffnet der Laden.</translation>
    </message>
    <message>
        <source>1. Write your event file, or take one of the samples in assets/events.</source>
        <translation>1. Schreiben Sie Ihre Event-Datei, oder nehmen Sie ein Beispiel aus assets/events.</translation>
    </message>
    <message>
        <source>2. Close the kiosk and run: python -m kiosk load EVENT.toml</source>
        <translation>2. Schließen Sie den Kiosk und starten Sie: python -m kiosk load EVENT.toml</translation>
    </message>
    <message>
        <source>3. Open the kiosk again. The event greets you.</source>
        <translation>3. Öffnen Sie den Kiosk wieder. Das Event begrüßt Sie.</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Noch einmal nachsehen</translation>
    </message>
</context>
<context>
    <name>EntryLine</name>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Try again: %1</source>
        <translation>Noch einmal: %1</translation>
    </message>
</context>
<context>
    <name>EraseSheet</name>
    <message>
        <source>Erase for good</source>
        <translation>Endgültig löschen</translation>
    </message>
    <message>
        <source>Erase once sent</source>
        <translation>Löschen, wenn gesendet</translation>
    </message>
    <message>
        <source>Erase them later?</source>
        <translation>Später löschen?</translation>
    </message>
    <message>
        <source>Erase this member?</source>
        <translation>Dieses Mitglied löschen?</translation>
    </message>
    <message>
        <source>It is written down as done by %1, who signed in with their PIN.</source>
        <translation>Festgehalten wird: getan von %1, angemeldet mit PIN.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Not sent or not paid yet: %1. Nothing is erased now. Once everything is, it is done by itself when the program is closed.</source>
        <translation>Noch nicht gesendet oder nicht bezahlt: %1. Jetzt wird nichts gelöscht. Sobald alles so weit ist, geschieht es von selbst, wenn das Programm geschlossen wird.</translation>
    </message>
    <message>
        <source>What goes for good: their name and e-mail, and the codes of their passes, which cannot be shown again.</source>
        <translation>Was endgültig geht: Name und E-Mail, und die Codes der Pässe; sie lassen sich nicht mehr zeigen.</translation>
    </message>
    <message>
        <source>What goes for good: their name and e-mail, the codes of their passes, which cannot be shown again, and their cart at the counter, number %1.</source>
        <translation>Was endgültig geht: Name und E-Mail, die Codes der Pässe, die sich nicht mehr zeigen lassen, und der Korb am Tresen, Nummer %1.</translation>
    </message>
    <message>
        <source>What stays: every sale with its amount and numbers, the sums of the day and the journal. Passes on their phone stay valid.</source>
        <translation>Was bleibt: jeder Verkauf mit Betrag und Nummern, die Summen des Tages und das Journal. Pässe auf dem Telefon bleiben gültig.</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>The kiosk met a fault of its own. Nothing was charged twice. Please try once more, and call the staff if it happens again.</source>
        <translation>Der Kiosk hat einen eigenen Fehler gemacht. Nichts wurde doppelt berechnet. Bitte versuchen Sie es noch einmal, und rufen Sie jemanden vom Team, wenn es wieder geschieht.</translation>
    </message>
    <message>
        <source>No event has been loaded yet. Load one, and the shop opens.</source>
        <translation>Es ist noch kein Event geladen. Laden Sie eines, dann öffnet der Laden.</translation>
    </message>
    <message>
        <source>“{offer}” is not part of this event any more. Please take it out of the cart.</source>
        <translation>„{offer}“ gehört nicht mehr zu diesem Event. Bitte nehmen Sie es aus dem Korb.</translation>
    </message>
    <message>
        <source>“{offer}” is not on sale right now. Please take it out of the cart.</source>
        <translation>„{offer}“ ist gerade nicht zu haben. Bitte nehmen Sie es aus dem Korb.</translation>
    </message>
    <message>
        <source>Only {left} of “{offer}” left here. Please take fewer, or something else.</source>
        <translation>Von „{offer}“ sind hier nur noch {left} da. Bitte nehmen Sie weniger oder etwas anderes.</translation>
    </message>
    <message>
        <source>Each member can have {limit} of “{offer}”. Please take fewer.</source>
        <translation>Jedes Mitglied kann {limit} von „{offer}“ haben. Bitte nehmen Sie weniger.</translation>
    </message>
    <message>
        <source>One sale takes between 1 and {most} of a thing. Please change the number.</source>
        <translation>Ein Verkauf fasst 1 bis {most} Stück einer Sache. Bitte ändern Sie die Zahl.</translation>
    </message>
    <message>
        <source>The cart is empty. Pick something first.</source>
        <translation>Der Korb ist leer. Wählen Sie zuerst etwas aus.</translation>
    </message>
    <message>
        <source>A price has changed since you looked. Nothing was charged: please check the cart.</source>
        <translation>Ein Preis hat sich inzwischen geändert. Nichts wurde berechnet: Bitte prüfen Sie den Korb.</translation>
    </message>
    <message>
        <source>This is more than one sale can carry. Please split it into two.</source>
        <translation>Das ist mehr, als ein Verkauf fasst. Bitte teilen Sie ihn in zwei.</translation>
    </message>
    <message>
        <source>Please write a name of 1 to {most} characters.</source>
        <translation>Bitte schreiben Sie einen Namen mit 1 bis {most} Zeichen.</translation>
    </message>
    <message>
        <source>That does not look like an e-mail address. Please check it.</source>
        <translation>Das sieht nicht wie eine E-Mail-Adresse aus. Bitte prüfen Sie sie.</translation>
    </message>
    <message>
        <source>Please agree to the terms to go on.</source>
        <translation>Bitte stimmen Sie den Bedingungen zu, um weiterzugehen.</translation>
    </message>
    <message>
        <source>This event has no text of that kind to agree to. Please look at the list again.</source>
        <translation>Dieses Event hat keinen solchen Text zum Zustimmen. Bitte sehen Sie die Liste noch einmal an.</translation>
    </message>
    <message>
        <source>This way to pay does not work right now. Nothing was charged: please pick another.</source>
        <translation>Diese Zahlungsart geht gerade nicht. Nichts wurde berechnet: Bitte wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>That is less than the amount due. Please count again.</source>
        <translation>Das ist weniger als der Betrag. Bitte zählen Sie noch einmal.</translation>
    </message>
    <message>
        <source>Enough is open on trust for now. Nothing was charged: please pay with cash.</source>
        <translation>Im Moment sind genug Zahlungen offen. Nichts wurde berechnet: Bitte zahlen Sie bar.</translation>
    </message>
    <message>
        <source>Only staff can do this. Please ask at the counter.</source>
        <translation>Das kann nur das Team. Bitte fragen Sie am Tresen.</translation>
    </message>
    <message>
        <source>That PIN is not right. Please try again.</source>
        <translation>Diese PIN stimmt nicht. Bitte versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>A PIN has {least} to {most} digits.</source>
        <translation>Eine PIN hat {least} bis {most} Ziffern.</translation>
    </message>
    <message>
        <source>A PIN is set already. Sign in with it.</source>
        <translation>Eine PIN ist schon gesetzt. Melden Sie sich damit an.</translation>
    </message>
    <message>
        <source>Too many wrong PINs. Please wait {seconds} seconds and try again.</source>
        <translation>Zu viele falsche PINs. Bitte warten Sie {seconds} Sekunden und versuchen Sie es dann wieder.</translation>
    </message>
    <message>
        <source>Too many wrong PINs. Please wait one second and try again.</source>
        <translation>Zu viele falsche PINs. Bitte warten Sie eine Sekunde und versuchen Sie es dann wieder.</translation>
    </message>
    <message>
        <source>No cart waits under number {number}. It may have been completed already.</source>
        <translation>Unter der Nummer {number} wartet kein Korb. Vielleicht ist er schon abgeschlossen.</translation>
    </message>
    <message>
        <source>This sale was completed before with other things in it. Nothing was charged twice: please start again.</source>
        <translation>Dieser Verkauf wurde schon mit anderem Inhalt abgeschlossen. Nichts wurde doppelt berechnet: Bitte beginnen Sie neu.</translation>
    </message>
    <message>
        <source>This sale is not known to this kiosk.</source>
        <translation>Dieser Verkauf ist diesem Kiosk nicht bekannt.</translation>
    </message>
    <message>
        <source>This is not on the list of what needs attention. Nothing was changed.</source>
        <translation>Das steht nicht auf der Liste dessen, was Sie braucht. Es wurde nichts geändert.</translation>
    </message>
    <message>
        <source>There is no sales file in this folder. Check the folder, or set the kiosk up first. Nothing was changed.</source>
        <translation>In diesem Ordner ist keine Verkaufsdatei. Prüfen Sie den Ordner, oder richten Sie den Kiosk zuerst ein. Nichts wurde verändert.</translation>
    </message>
    <message>
        <source>This folder holds a sales file already. It was left as it is: choose another folder.</source>
        <translation>In diesem Ordner ist schon eine Verkaufsdatei. Sie blieb, wie sie ist: Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The kiosk is open already, in another window or program. Close that one first; its sales are safe.</source>
        <translation>Der Kiosk ist schon offen, in einem anderen Fenster oder Programm. Schließen Sie zuerst dieses; seine Verkäufe sind sicher.</translation>
    </message>
    <message>
        <source>The sales file is busy. Nothing was charged: please try again in a moment.</source>
        <translation>Die Verkaufsdatei ist beschäftigt. Nichts wurde berechnet: Bitte versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>A newer version of the program wrote these sales. They are safe: update the program and open them again.</source>
        <translation>Eine neuere Version des Programms hat diese Verkäufe geschrieben. Sie sind sicher: Aktualisieren Sie das Programm und öffnen Sie sie wieder.</translation>
    </message>
    <message>
        <source>An earlier version of the program wrote these sales. They are safe: open the kiosk once, and it brings the file up to date.</source>
        <translation>Eine frühere Version des Programms hat diese Verkäufe geschrieben. Sie sind sicher: Öffnen Sie den Kiosk einmal, und er bringt die Datei auf den neuen Stand.</translation>
    </message>
    <message>
        <source>This version could not take over the sales of the earlier one ({check}). They are safe and as they were: open them with the earlier version and ask for help.</source>
        <translation>Diese Version konnte die Verkäufe der früheren nicht übernehmen ({check}). Sie sind sicher und so, wie sie waren: Öffnen Sie sie mit der früheren Version und holen Sie Hilfe.</translation>
    </message>
    <message>
        <source>There is not enough room on the disk, so this was not done. All sales so far are safe: free some space, then try again.</source>
        <translation>Auf der Platte ist nicht genug Platz, darum ist das nicht geschehen. Alle bisherigen Verkäufe sind sicher: Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The kiosk may not write in its folder. All sales so far are safe: check the rights of the folder.</source>
        <translation>Der Kiosk darf in seinem Ordner nicht schreiben. Alle bisherigen Verkäufe sind sicher: Prüfen Sie die Rechte des Ordners.</translation>
    </message>
    <message>
        <source>The sales file is damaged ({check}). Nothing of it was deleted: close this program and run “kiosk salvage”, which copies everything readable into a new file.</source>
        <translation>Die Verkaufsdatei ist beschädigt ({check}). Nichts davon wurde gelöscht: Schließen Sie dieses Programm, und führen Sie „kiosk salvage“ aus; es kopiert alles Lesbare in eine neue Datei.</translation>
    </message>
    <message>
        <source>The file “buffer.anchor” cannot be read, so nobody can tell whether newer sales are missing. Put the newest copy of the folder back, or confirm this one with “kiosk restored” and sell on.</source>
        <translation>Die Datei „buffer.anchor“ ist nicht lesbar, und niemand kann sagen, ob neuere Verkäufe fehlen. Legen Sie die neueste Kopie des Ordners zurück, oder bestätigen Sie diese mit „kiosk restored“ und verkaufen Sie weiter.</translation>
    </message>
    <message>
        <source>The file “buffer.anchor” is missing, so nobody can tell whether newer sales are missing too. Put the newest copy of the folder back, or confirm this one with “kiosk restored” and sell on.</source>
        <translation>Die Datei „buffer.anchor“ fehlt, und niemand kann sagen, ob auch neuere Verkäufe fehlen. Legen Sie die neueste Kopie des Ordners zurück, oder bestätigen Sie diese mit „kiosk restored“ und verkaufen Sie weiter.</translation>
    </message>
    <message>
        <source>The file “buffer.anchor” was lost, so nobody can tell whether newer sales are missing. Put the newest copy of the folder back, or confirm this one with “kiosk restored” and sell on.</source>
        <translation>Die Datei „buffer.anchor“ ging verloren, und niemand kann sagen, ob neuere Verkäufe fehlen. Legen Sie die neueste Kopie des Ordners zurück, oder bestätigen Sie diese mit „kiosk restored“ und verkaufen Sie weiter.</translation>
    </message>
    <message>
        <source>The file “buffer.anchor” belongs to another kiosk. Nothing was changed: put the one back that lay beside this sales file. If there is none, move it out of the folder and run “kiosk restored”.</source>
        <translation>Die Datei „buffer.anchor“ gehört zu einem anderen Kiosk. Nichts wurde geändert: Legen Sie die zurück, die neben dieser Verkaufsdatei lag. Gibt es keine, nehmen Sie diese aus dem Ordner und führen Sie „kiosk restored“ aus.</translation>
    </message>
    <message>
        <source>The sales file is empty: what was in it is not in this folder any more. Leave everything as it is, and start from the newest backup or from a copy of the folder.</source>
        <translation>Die Verkaufsdatei ist leer: Was darin war, ist nicht mehr in diesem Ordner. Lassen Sie alles, wie es ist, und beginnen Sie mit der neuesten Sicherung oder einer Kopie des Ordners.</translation>
    </message>
    <message>
        <source>It is not certain whether this sale was recorded. Do not charge again: try once more, and the same sale will be found.</source>
        <translation>Es ist nicht sicher, ob dieser Verkauf festgehalten wurde. Kassieren Sie nicht noch einmal: Versuchen Sie es erneut, dann wird derselbe Verkauf gefunden.</translation>
    </message>
    <message>
        <source>The sales file does not open with this key. Nothing was changed: check that the key file belongs to this folder.</source>
        <translation>Die Verkaufsdatei öffnet sich mit diesem Schlüssel nicht. Nichts wurde verändert: Prüfen Sie, ob die Schlüsseldatei zu diesem Ordner gehört.</translation>
    </message>
    <message>
        <source>An older copy of the sales file was put back, and newer sales are missing from it. Put the newest copy back, or confirm this one with “kiosk restored” and sell on.</source>
        <translation>Eine ältere Kopie der Verkaufsdatei wurde zurückgelegt, und neuere Verkäufe fehlen darin. Legen Sie die neueste Kopie zurück, oder bestätigen Sie diese mit „kiosk restored“ und verkaufen Sie weiter.</translation>
    </message>
    <message>
        <source>Another copy of this kiosk has been selling. The sales made here are safe and are sent: sell on there, or close that one and confirm this one with “kiosk restored”.</source>
        <translation>Eine andere Kopie dieser Kasse hat verkauft. Die Verkäufe von hier sind sicher und werden gesendet: Verkaufen Sie dort weiter, oder schließen Sie jene und bestätigen Sie diese mit „kiosk restored“.</translation>
    </message>
    <message>
        <source>Nothing is missing from this copy as far as anything remembers, so there is nothing to confirm. If the whole folder was put back, say so with --whole-folder.</source>
        <translation>Dieser Kopie fehlt nichts, soweit es irgendwo vermerkt ist; es gibt also nichts zu bestätigen. Wurde der ganze Ordner zurückgelegt, sagen Sie es mit --whole-folder.</translation>
    </message>
    <message>
        <source>Nobody with this id or address is a member here. Nothing was changed.</source>
        <translation>Niemand mit dieser Kennung oder Adresse ist hier Mitglied. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>Something of this member has not been sent or paid yet ({receipts}). Nothing was erased: wait until it is, or have it done then with --when-sent.</source>
        <translation>Etwas von diesem Mitglied ist noch nicht gesendet oder bezahlt ({receipts}). Nichts wurde gelöscht: Warten Sie, bis es so weit ist, oder lassen Sie es dann löschen mit --when-sent.</translation>
    </message>
    <message>
        <source>This member was erased, and the passes with them. Passes on their phone stay valid.</source>
        <translation>Dieses Mitglied wurde gelöscht und seine Pässe hier mit ihm. Pässe auf dem Telefon bleiben gültig.</translation>
    </message>
    <message>
        <source>This kiosk was handed over with the file “{file}”: another one goes on with its sales. Nothing is sold or sent here, and nothing is lost.</source>
        <translation>Diese Kasse wurde mit der Datei „{file}“ übergeben: Eine andere führt ihre Verkäufe fort. Hier wird nichts verkauft oder gesendet, und nichts ist verloren.</translation>
    </message>
    <message>
        <source>There is no such file, or it cannot be read. Nothing was changed: check its name and the stick it is on.</source>
        <translation>Diese Datei gibt es nicht, oder sie lässt sich nicht lesen. Nichts wurde geändert: Prüfen Sie den Namen und den Stick, auf dem sie liegt.</translation>
    </message>
    <message>
        <source>This file is neither a backup nor a black box of a kiosk. Nothing was changed: choose another file.</source>
        <translation>Diese Datei ist weder eine Sicherung noch eine Blackbox einer Kasse. Nichts wurde geändert: Wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>A newer version of the program wrote this file. Nothing was changed: update the program and try again.</source>
        <translation>Eine neuere Version des Programms hat diese Datei geschrieben. Nichts wurde geändert: Aktualisieren Sie das Programm und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The file was cut off while it was written and holds nothing whole. Nothing was changed: take an older one, or make it again.</source>
        <translation>Die Datei wurde beim Schreiben abgeschnitten und enthält nichts Ganzes. Nichts wurde geändert: Nehmen Sie eine ältere oder erstellen Sie sie neu.</translation>
    </message>
    <message>
        <source>The file is not what was written: it was damaged or changed. Nothing was taken from it: take another copy, or make it again.</source>
        <translation>Die Datei ist nicht mehr, was geschrieben wurde: Sie ist beschädigt oder verändert. Nichts wurde daraus übernommen: Nehmen Sie eine andere Kopie oder erstellen Sie sie neu.</translation>
    </message>
    <message>
        <source>This file holds something else, and it is never written over. Nothing was changed: choose another name.</source>
        <translation>Diese Datei enthält etwas anderes und wird nie überschrieben. Nichts wurde geändert: Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>The file holds no export of this number: the newest is {newest}. Nothing was changed: ask for one that is there, or for none to take the newest.</source>
        <translation>Die Datei enthält keinen Export mit dieser Nummer: Der neueste ist {newest}. Es wurde nichts geändert: Nennen Sie einen vorhandenen oder keinen, um den neuesten zu nehmen.</translation>
    </message>
    <message>
        <source>The folder to write to is not there. Selling goes on: put the stick back, or choose another folder.</source>
        <translation>Der Ordner, in den geschrieben werden soll, ist nicht da. Der Verkauf geht weiter: Stecken Sie den Stick wieder ein oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>This kiosk was not handed over, so there is nothing to take back. Nothing was changed: go on selling.</source>
        <translation>Diese Kasse wurde nicht übergeben, also gibt es nichts zurückzunehmen. Nichts wurde geändert: Verkaufen Sie weiter.</translation>
    </message>
    <message>
        <source>The key file is missing. The sales are safe but locked: put the key file back into the folder.</source>
        <translation>Die Schlüsseldatei fehlt. Die Verkäufe sind sicher, aber verschlossen: Legen Sie die Schlüsseldatei zurück in den Ordner.</translation>
    </message>
    <message>
        <source>The key file is damaged. The sales are safe but locked: restore the key file from a backup.</source>
        <translation>Die Schlüsseldatei ist beschädigt. Die Verkäufe sind sicher, aber verschlossen: Holen Sie die Schlüsseldatei aus einer Sicherung.</translation>
    </message>
    <message>
        <source>Others on this computer can read the file “{file}”, with which the kiosk is opened. Make it readable for you alone, then start again.</source>
        <translation>Andere auf diesem Rechner können die Datei „{file}“ lesen, mit der der Kiosk geöffnet wird. Machen Sie sie nur für sich lesbar, und starten Sie neu.</translation>
    </message>
    <message>
        <source>Anybody on this computer can change the file “{file}”, which a passphrase or another secret is read from. Nothing was tried: make it writable for you alone, then start again.</source>
        <translation>Jeder auf diesem Rechner kann die Datei „{file}“ ändern, aus der eine Passphrase oder ein anderes Geheimnis gelesen wird. Nichts wurde versucht: Machen Sie sie nur für sich beschreibbar, und starten Sie neu.</translation>
    </message>
    <message>
        <source>That is not right, and opens nothing. Nothing was changed: please try again.</source>
        <translation>Das stimmt nicht und öffnet nichts. Nichts wurde verändert: Bitte versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>No passphrase was given. Name a passphrase file, or start where it can be typed.</source>
        <translation>Es wurde keine Passphrase angegeben. Nennen Sie eine Datei damit, oder starten Sie dort, wo sie getippt werden kann.</translation>
    </message>
    <message>
        <source>The passphrase is too short: it needs at least {least} characters.</source>
        <translation>Die Passphrase ist zu kurz: Sie braucht mindestens {least} Zeichen.</translation>
    </message>
    <message>
        <source>Too many wrong tries. The sales are safe: please wait {wait_s} seconds and try again.</source>
        <translation>Zu viele falsche Versuche. Die Verkäufe sind sicher: Bitte warten Sie {wait_s} Sekunden und versuchen Sie es dann wieder.</translation>
    </message>
    <message>
        <source>Too many wrong tries. The sales are safe: please wait one second and try again.</source>
        <translation>Zu viele falsche Versuche. Die Verkäufe sind sicher: Bitte warten Sie eine Sekunde und versuchen Sie es dann wieder.</translation>
    </message>
    <message>
        <source>This computer has no keychain that keeps a secret safe. Nothing was changed: use the passphrase.</source>
        <translation>Dieser Rechner hat keinen Schlüsselbund, der ein Geheimnis sicher verwahrt. Nichts wurde verändert: Nehmen Sie die Passphrase.</translation>
    </message>
    <message>
        <source>The keychain of this computer is locked. Nothing was changed: unlock it and try again, or use the passphrase.</source>
        <translation>Der Schlüsselbund dieses Rechners ist verschlossen. Nichts wurde verändert: Schließen Sie ihn auf und versuchen Sie es noch einmal, oder nehmen Sie die Passphrase.</translation>
    </message>
    <message>
        <source>The keychain of this computer does not hold the key of this kiosk. Use the passphrase, then set the keychain up again.</source>
        <translation>Der Schlüsselbund dieses Rechners enthält den Schlüssel dieses Kiosks nicht. Nehmen Sie die Passphrase, und richten Sie den Schlüsselbund dann neu ein.</translation>
    </message>
    <message>
        <source>The PIN opens this kiosk only on the computer where it was set. Use the passphrase or the recovery key.</source>
        <translation>Die PIN öffnet diesen Kiosk nur auf dem Rechner, auf dem sie gesetzt wurde. Nehmen Sie die Passphrase oder den Wiederherstellungsschlüssel.</translation>
    </message>
    <message>
        <source>The kiosk can be opened this way already. Nothing was changed: change it, or remove it first.</source>
        <translation>Der Kiosk lässt sich schon auf diese Weise öffnen. Nichts wurde verändert: Ändern Sie sie, oder entfernen Sie sie zuerst.</translation>
    </message>
    <message>
        <source>The kiosk cannot be opened this way. Nothing was changed: use another way, or add this one.</source>
        <translation>Der Kiosk lässt sich auf diese Weise nicht öffnen. Nichts wurde verändert: Nehmen Sie eine andere, oder fügen Sie diese hinzu.</translation>
    </message>
    <message>
        <source>This is the last way to open the kiosk beside the recovery key. Nothing was changed: add another one first.</source>
        <translation>Das ist neben dem Wiederherstellungsschlüssel der letzte Weg, den Kiosk zu öffnen. Nichts wurde verändert: Fügen Sie zuerst einen anderen hinzu.</translation>
    </message>
    <message>
        <source>Part {place} of the recovery key, counted from its beginning, cannot be right. Nothing was changed: compare it with the sheet.</source>
        <translation>Teil {place} des Wiederherstellungsschlüssels, vom Anfang gezählt, kann nicht stimmen. Nichts wurde verändert: Vergleichen Sie ihn mit dem Blatt.</translation>
    </message>
    <message>
        <source>The recovery key does not fit together: a part is missing, doubled or another one. Nothing was changed: compare it with the sheet.</source>
        <translation>Der Wiederherstellungsschlüssel passt nicht zusammen: Ein Teil fehlt, ist doppelt oder ein anderer. Nichts wurde verändert: Vergleichen Sie ihn mit dem Blatt.</translation>
    </message>
    <message>
        <source>The recovery key cannot be removed, only replaced by a new one. Nothing was changed.</source>
        <translation>Der Wiederherstellungsschlüssel lässt sich nicht entfernen, nur durch einen neuen ersetzen. Nichts wurde verändert.</translation>
    </message>
    <message>
        <source>The recovery key was not written down, so nothing was set up. Say where to keep it, and start again.</source>
        <translation>Der Wiederherstellungsschlüssel wurde nicht notiert, darum wurde nichts eingerichtet. Sagen Sie, wo er bleiben soll, und beginnen Sie neu.</translation>
    </message>
    <message>
        <source>The event file has {mistakes} mistakes. Nothing was loaded: correct them and load it again.</source>
        <translation>Die Event-Datei hat {mistakes} Fehler. Nichts wurde geladen: Berichtigen Sie sie und laden Sie die Datei neu.</translation>
    </message>
    <message>
        <source>The event file has one mistake. Nothing was loaded: correct it and load the file again.</source>
        <translation>Die Event-Datei hat einen Fehler. Nichts wurde geladen: Berichtigen Sie ihn und laden Sie die Datei neu.</translation>
    </message>
    <message>
        <source>The event file cannot be read. Nothing was loaded: check its name and that it is a text file.</source>
        <translation>Die Event-Datei lässt sich nicht lesen. Nichts wurde geladen: Prüfen Sie den Namen und ob es eine Textdatei ist.</translation>
    </message>
    <message>
        <source>The settings file has {mistakes} mistakes. Correct them and start again; the sales are untouched.</source>
        <translation>Die Datei mit den Einstellungen hat {mistakes} Fehler. Berichtigen Sie sie und starten Sie neu; die Verkäufe sind unberührt.</translation>
    </message>
    <message>
        <source>The settings file has one mistake. Correct it and start again; the sales are untouched.</source>
        <translation>Die Datei mit den Einstellungen hat einen Fehler. Berichtigen Sie ihn und starten Sie neu; die Verkäufe sind unberührt.</translation>
    </message>
    <message>
        <source>There is no screen to open a window on. Start the kiosk on a machine with a display.</source>
        <translation>Es gibt keinen Bildschirm für ein Fenster. Starten Sie den Kiosk auf einem Rechner mit Anzeige.</translation>
    </message>
    <message>
        <source>The root key file does not hold a key. It must be 64 hexadecimal characters.</source>
        <translation>In der Datei mit dem Wurzelschlüssel steht kein Schlüssel. Es müssen 64 hexadezimale Zeichen sein.</translation>
    </message>
    <message>
        <source>This kiosk's certificate does not allow passes right now. Nothing was charged: renew the certificate.</source>
        <translation>Das Zertifikat dieses Kiosks erlaubt gerade keine Pässe. Nichts wurde berechnet: Erneuern Sie das Zertifikat.</translation>
    </message>
    <message>
        <source>The Stripe key is missing or does not fit. Selling goes on; sales are sent when the key is there.</source>
        <translation>Der Stripe-Schlüssel fehlt oder passt nicht. Der Verkauf geht weiter; gesendet wird, sobald der Schlüssel da ist.</translation>
    </message>
    <message>
        <source>Paying by phone is not prepared for “{offer}” yet. Connect once, or take another way to pay.</source>
        <translation>Das Zahlen per Telefon ist für „{offer}“ noch nicht vorbereitet. Verbinden Sie den Kiosk einmal, oder wählen Sie eine andere Zahlungsart.</translation>
    </message>
    <message>
        <source>Stripe cannot be reached. Nothing was changed: try again when there is a network.</source>
        <translation>Stripe ist nicht erreichbar. Nichts wurde verändert: Versuchen Sie es wieder, wenn ein Netz da ist.</translation>
    </message>
    <message>
        <source>Stripe refused this. Nothing was changed: its reason is “{reason}”.</source>
        <translation>Stripe hat das abgelehnt. Nichts wurde verändert: Der Grund heißt „{reason}“.</translation>
    </message>
</context>
<context>
    <name>FindingLine</name>
    <message>
        <source>Done</source>
        <translation>Erledigt</translation>
    </message>
    <message>
        <source>Done: %1, %2</source>
        <translation>Erledigt: %1, %2</translation>
    </message>
</context>
<context>
    <name>Findings</name>
    <message>
        <source>Paid in full.</source>
        <translation>Ganz bezahlt.</translation>
    </message>
    <message>
        <source>The payment is on its way at the bank. Wait for it.</source>
        <translation>Die Zahlung ist bei der Bank unterwegs. Warten Sie darauf.</translation>
    </message>
    <message>
        <source>Nobody paid in time, so the pass is revoked.</source>
        <translation>Niemand hat rechtzeitig bezahlt, darum ist der Pass widerrufen.</translation>
    </message>
    <message>
        <source>Less was paid than the sale comes to. Ask for the rest, or refund it at Stripe.</source>
        <translation>Es wurde weniger bezahlt, als der Verkauf ausmacht. Bitten Sie um den Rest, oder erstatten Sie bei Stripe.</translation>
    </message>
    <message>
        <source>More was paid than the sale comes to. The pass is good; refund the rest at Stripe.</source>
        <translation>Es wurde mehr bezahlt, als der Verkauf ausmacht. Der Pass gilt; erstatten Sie den Rest bei Stripe.</translation>
    </message>
    <message>
        <source>It was paid in another currency, so the pass is held. Compare the two at Stripe.</source>
        <translation>Es wurde in einer anderen Währung bezahlt, darum ruht der Pass. Vergleichen Sie beides bei Stripe.</translation>
    </message>
    <message>
        <source>It was paid after its time, so the pass is good again.</source>
        <translation>Es wurde nach der Frist bezahlt, darum gilt der Pass wieder.</translation>
    </message>
    <message>
        <source>Somebody paid, but no sale of this kiosk belongs to it. Look it up at Stripe, then refund it or serve the member.</source>
        <translation>Jemand hat bezahlt, aber kein Verkauf dieses Kiosks gehört dazu. Sehen Sie bei Stripe nach, dann erstatten Sie, oder bedienen Sie das Mitglied.</translation>
    </message>
    <message>
        <source>Stripe's invoice has another total than the sale. Compare the two there.</source>
        <translation>Die Rechnung bei Stripe hat eine andere Summe als der Verkauf. Vergleichen Sie dort beides.</translation>
    </message>
    <message>
        <source>The invoice was voided at Stripe, so the pass is revoked.</source>
        <translation>Die Rechnung wurde bei Stripe storniert, darum ist der Pass widerrufen.</translation>
    </message>
    <message>
        <source>Nobody's</source>
        <translation>Von niemandem</translation>
    </message>
</context>
<context>
    <name>Fault</name>
    <message>
        <source>For whoever helps you: %1</source>
        <translation>Für alle, die Ihnen helfen: %1</translation>
    </message>
    <message>
        <source>Close the program</source>
        <translation>Programm beenden</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>The sales file needs attention</source>
        <translation>Die Verkaufsdatei braucht Aufmerksamkeit</translation>
    </message>
    <message>
        <source>The key file needs attention</source>
        <translation>Die Schlüsseldatei braucht Sie</translation>
    </message>
    <message>
        <source>Something has to be set right first</source>
        <translation>Zuerst muss etwas berichtigt werden</translation>
    </message>
    <message>
        <source>The kiosk met a fault of its own</source>
        <translation>Der Kiosk hat einen eigenen Fehler gemacht</translation>
    </message>
    <message>
        <source>Confirm this copy</source>
        <translation>Diese Kopie bestätigen</translation>
    </message>
    <message>
        <source>Confirming</source>
        <translation>Wird bestätigt</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Jetzt nicht</translation>
    </message>
    <message>
        <source>Open the shop</source>
        <translation>Den Laden öffnen</translation>
    </message>
    <message>
        <source>Sell on with this copy …</source>
        <translation>Mit dieser Kopie weiter verkaufen …</translation>
    </message>
    <message>
        <source>Sell on with this copy?</source>
        <translation>Mit dieser Kopie weiter verkaufen?</translation>
    </message>
</context>
<context>
    <name>IdleWarning</name>
    <message>
        <source>Are you still there?</source>
        <translation>Sind Sie noch da?</translation>
    </message>
    <message>
        <source>Otherwise everything typed here is cleared in %1 s.</source>
        <translation>Sonst wird alles Getippte in %1 s gelöscht.</translation>
    </message>
    <message>
        <source>I am still here</source>
        <translation>Ich bin noch da</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Kiosk</source>
        <translation>Kiosk</translation>
    </message>
</context>
<context>
    <name>MemberNews</name>
    <message>
        <source>A cart of theirs waits at the counter: number %1.</source>
        <translation>Ein Korb von ihnen wartet am Tresen: Nummer %1.</translation>
    </message>
    <message>
        <source>Asked on %1 to be erased. It is done when the program is closed and everything of theirs is sent and paid: %2.</source>
        <translation>Die Löschung wurde am %1 gewünscht. Sie geschieht, wenn das Programm geschlossen wird und alles von diesem Mitglied gesendet und bezahlt ist: %2.</translation>
    </message>
    <message>
        <source>Asked on %1 to be erased. It is done when the program is closed.</source>
        <translation>Die Löschung wurde am %1 gewünscht. Sie geschieht, wenn das Programm geschlossen wird.</translation>
    </message>
    <message>
        <source>No membership is running.</source>
        <translation>Keine Mitgliedschaft läuft.</translation>
    </message>
    <message>
        <source>Running: %1</source>
        <translation>Es läuft: %1</translation>
    </message>
</context>
<context>
    <name>Members</name>
    <message>
        <source>%1, open-ended</source>
        <translation>%1, unbefristet</translation>
    </message>
    <message>
        <source>%1, until %2</source>
        <translation>%1, bis %2</translation>
    </message>
    <message>
        <source>At Stripe remains the customer %1: delete it there.</source>
        <translation>Bei Stripe bleibt der Kunde %1: Löschen Sie ihn dort.</translation>
    </message>
    <message>
        <source>Back to the list</source>
        <translation>Zurück zur Liste</translation>
    </message>
    <message>
        <source>Close the program when the day is over: that destroys the key that older copies need, and renews the kiosk's own backups.</source>
        <translation>Schließen Sie das Programm am Ende des Tages: Das vernichtet den Schlüssel, den ältere Kopien brauchen, und erneuert die eigenen Sicherungen des Kiosks.</translation>
    </message>
    <message>
        <source>Copies that were taken elsewhere before, on sticks or in black boxes, hold the person yet.</source>
        <translation>Kopien, die vorher anderswohin kamen, auf Sticks oder in Black Boxes, enthalten die Person noch.</translation>
    </message>
    <message>
        <source>Earlier passes are not shown.</source>
        <translation>Frühere Pässe werden nicht gezeigt.</translation>
    </message>
    <message>
        <source>Ended on %1</source>
        <translation>Endete am %1</translation>
    </message>
    <message>
        <source>Erase this member</source>
        <translation>Dieses Mitglied löschen</translation>
    </message>
    <message>
        <source>Erase …</source>
        <translation>Löschen …</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>Abgelaufen</translation>
    </message>
    <message>
        <source>Name or e-mail</source>
        <translation>Name oder E-Mail</translation>
    </message>
    <message>
        <source>Nobody's name or e-mail begins like this.</source>
        <translation>Niemandes Name oder E-Mail beginnt so.</translation>
    </message>
    <message>
        <source>Nothing was erased yet: %1 is not sent or not paid.</source>
        <translation>Noch wurde nichts gelöscht: %1 ist nicht gesendet oder nicht bezahlt.</translation>
    </message>
    <message>
        <source>Once everything is, they are erased by themselves when the program is closed.</source>
        <translation>Sobald alles so weit ist, geschieht es von selbst, wenn das Programm geschlossen wird.</translation>
    </message>
    <message>
        <source>The member was erased. Sales, sums and the journal are as they were.</source>
        <translation>Das Mitglied wurde gelöscht. Verkäufe, Summen und Journal sind, wie sie waren.</translation>
    </message>
    <message>
        <source>The practice Stripe forgets the customer %1 then, too.</source>
        <translation>Das Übungs-Stripe vergisst dann auch den Kunden %1.</translation>
    </message>
    <message>
        <source>These are the first %1. Write more of the name or e-mail.</source>
        <translation>Dies sind die ersten %1. Schreiben Sie mehr vom Namen oder der E-Mail.</translation>
    </message>
    <message>
        <source>This member was erased before.</source>
        <translation>Dieses Mitglied wurde schon vorher gelöscht.</translation>
    </message>
    <message>
        <source>Valid until %1</source>
        <translation>Gültig bis %1</translation>
    </message>
    <message>
        <source>Write the beginning of any of their names, or of their e-mail.</source>
        <translation>Schreiben Sie den Anfang eines der Namen oder der E-Mail.</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>NumberPad</name>
    <message>
        <source>Take the last digit back</source>
        <translation>Die letzte Ziffer zurücknehmen</translation>
    </message>
</context>
<context>
    <name>OfferCard</name>
    <message>
        <source>Add · %1</source>
        <translation>Dazu · %1</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Dazu</translation>
    </message>
    <message>
        <source>Add %1</source>
        <translation>%1 dazu</translation>
    </message>
</context>
<context>
    <name>Offers</name>
    <message>
        <source>Start over</source>
        <translation>Von vorn beginnen</translation>
    </message>
    <message>
        <source>What would you like?</source>
        <translation>Was darf es sein?</translation>
    </message>
    <message>
        <source>Your cart is empty</source>
        <translation>Ihr Korb ist leer</translation>
    </message>
    <message numerus="yes">
        <source>Cart: %n piece(s)</source>
        <translation>
            <numerusform>Korb: %n Stück</numerusform>
            <numerusform>Korb: %n Stück</numerusform>
        </translation>
    </message>
    <message>
        <source>What you get</source>
        <translation>Das bekommen Sie</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Dazu</translation>
    </message>
</context>
<context>
    <name>Outbox</name>
    <message>
        <source>Needs attention</source>
        <translation>Bitte prüfen</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Ungewiss</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Zugestellt</translation>
    </message>
    <message>
        <source>Nothing here yet. Each sale leaves an entry.</source>
        <translation>Hier ist noch nichts. Jeder Verkauf hinterlässt einen Eintrag.</translation>
    </message>
    <message>
        <source>Nothing is in this state.</source>
        <translation>Nichts ist in diesem Zustand.</translation>
    </message>
    <message>
        <source>Newer</source>
        <translation>Neuere</translation>
    </message>
    <message>
        <source>Older</source>
        <translation>Ältere</translation>
    </message>
</context>
<context>
    <name>ParkedCarts</name>
    <message>
        <source>Parked carts</source>
        <translation>Geparkte Körbe</translation>
    </message>
    <message>
        <source>Number %1</source>
        <translation>Nummer %1</translation>
    </message>
    <message>
        <source>Nobody waits at the counter. A cart comes here when a visitor chooses cash.</source>
        <translation>Am Tresen wartet niemand. Ein Korb kommt hierher, wenn ein Gast bar zahlen will.</translation>
    </message>
    <message>
        <source>The price has changed: the member saw %1. Say so before you take the cash.</source>
        <translation>Der Preis hat sich geändert: Das Mitglied sah %1. Sagen Sie es, bevor Sie das Geld nehmen.</translation>
    </message>
    <message>
        <source>Forget number %1</source>
        <translation>Nummer %1 vergessen</translation>
    </message>
    <message>
        <source>Take cash</source>
        <translation>Bar kassieren</translation>
    </message>
    <message>
        <source>Take cash for number %1</source>
        <translation>Für Nummer %1 bar kassieren</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>The cash is in the drawer</source>
        <translation>Das Geld ist in der Kasse</translation>
    </message>
</context>
<context>
    <name>ParkedNumber</name>
    <message>
        <source>Please pay at the counter</source>
        <translation>Bitte am Tresen zahlen</translation>
    </message>
    <message>
        <source>Say this number. Your pass appears there as soon as you have paid.</source>
        <translation>Sagen Sie diese Nummer. Ihr Pass erscheint dort, sobald Sie bezahlt haben.</translation>
    </message>
    <message>
        <source>Your number</source>
        <translation>Ihre Nummer</translation>
    </message>
    <message>
        <source>I know my number</source>
        <translation>Ich weiß meine Nummer</translation>
    </message>
</context>
<context>
    <name>Pass</name>
    <message>
        <source>Pass %1</source>
        <translation>Pass %1</translation>
    </message>
    <message>
        <source>Change due</source>
        <translation>Rückgeld</translation>
    </message>
    <message>
        <source>No internet? Photograph this code: the photo is your pass.</source>
        <translation>Kein Internet? Fotografieren Sie diesen Code: Das Foto ist Ihr Pass.</translation>
    </message>
    <message>
        <source>The pass before</source>
        <translation>Der Pass davor</translation>
    </message>
    <message>
        <source>Pass %1 of %2</source>
        <translation>Pass %1 von %2</translation>
    </message>
    <message>
        <source>The next pass</source>
        <translation>Der nächste Pass</translation>
    </message>
    <message>
        <source>This page closes in %1 s. More time</source>
        <translation>Diese Seite schließt in %1 s. Mehr Zeit</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Confirmed</source>
        <translation>Bestätigt</translation>
    </message>
    <message>
        <source>Provisional</source>
        <translation>Vorläufig</translation>
    </message>
    <message>
        <source>Provisional until %1</source>
        <translation>Vorläufig bis %1</translation>
    </message>
    <message>
        <source>It is confirmed by itself as soon as your payment is seen.</source>
        <translation>Er wird von selbst bestätigt, sobald Ihre Zahlung gesehen wurde.</translation>
    </message>
    <message>
        <source>Your invoice comes by e-mail as soon as there is a network. Pay it by %1.</source>
        <translation>Ihre Rechnung kommt per E-Mail, sobald ein Netz da ist. Zahlen Sie sie bis %1.</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>Ruht</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>Widerrufen</translation>
    </message>
    <message>
        <source>Something about the payment is unclear. The staff look into it.</source>
        <translation>Bei der Zahlung ist etwas unklar. Das Team sieht nach.</translation>
    </message>
    <message>
        <source>The payment did not come, so this pass opens nothing. Ask the staff.</source>
        <translation>Die Zahlung kam nicht, darum öffnet dieser Pass nichts. Fragen Sie das Team.</translation>
    </message>
    <message>
        <source>Back to the members</source>
        <translation>Zurück zu den Mitgliedern</translation>
    </message>
</context>
<context>
    <name>PassLine</name>
    <message>
        <source>Pass %1</source>
        <translation>Pass %1</translation>
    </message>
    <message>
        <source>Show again</source>
        <translation>Erneut zeigen</translation>
    </message>
    <message>
        <source>Show pass %1 again</source>
        <translation>Pass %1 erneut zeigen</translation>
    </message>
</context>
<context>
    <name>Pay</name>
    <message>
        <source>Cash</source>
        <translation>Bar</translation>
    </message>
    <message>
        <source>How would you like to pay?</source>
        <translation>Wie möchten Sie zahlen?</translation>
    </message>
    <message>
        <source>To pay</source>
        <translation>Zu zahlen</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>The cash is in the drawer</source>
        <translation>Das Geld ist in der Kasse</translation>
    </message>
</context>
<context>
    <name>Pin</name>
    <message numerus="yes">
        <source>%n digit(s)</source>
        <translation>
            <numerusform>%n Ziffer</numerusform>
            <numerusform>%n Ziffern</numerusform>
        </translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Staff PIN</source>
        <translation>PIN des Teams</translation>
    </message>
    <message>
        <source>Only staff go on from here.</source>
        <translation>Ab hier nur das Team.</translation>
    </message>
    <message>
        <source>Once more</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Choose a staff PIN</source>
        <translation>Wählen Sie eine PIN</translation>
    </message>
    <message>
        <source>The same digits again, to be sure.</source>
        <translation>Dieselben Ziffern noch einmal, zur Sicherheit.</translation>
    </message>
    <message>
        <source>Those were not the same. Please choose again.</source>
        <translation>Das waren nicht dieselben. Bitte wählen Sie neu.</translation>
    </message>
    <message>
        <source>4 to 12 digits. It opens the staff pages and lets staff take cash.</source>
        <translation>4 bis 12 Ziffern. Sie öffnet die Seiten des Teams und erlaubt das Kassieren.</translation>
    </message>
</context>
<context>
    <name>Reasons</name>
    <message>
        <source>The sales file was damaged, and this sale was saved in part. Compare it with its receipt, then try again.</source>
        <translation>Die Verkaufsdatei war beschädigt, und dieser Verkauf wurde nur in Teilen gerettet. Vergleichen Sie ihn mit dem Beleg, dann versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Stripe did not accept this. Its word for it is “{reason}”.</source>
        <translation>Stripe hat das nicht angenommen. Der Grund heißt dort „{reason}“.</translation>
    </message>
    <message>
        <source>The member's data was erased before this was sent. There is nobody to bill.</source>
        <translation>Die Daten des Mitglieds wurden gelöscht, bevor dies gesendet war. Die Rechnung hat keinen Empfänger mehr.</translation>
    </message>
    <message>
        <source>The invoice was voided at Stripe. Look there for the reason.</source>
        <translation>Die Rechnung wurde bei Stripe storniert. Der Grund steht dort.</translation>
    </message>
    <message>
        <source>Stripe's invoice has another total than the sale. Compare the two there.</source>
        <translation>Die Rechnung bei Stripe hat eine andere Summe als der Verkauf. Vergleichen Sie beide dort.</translation>
    </message>
    <message>
        <source>The membership stands at Stripe, but its first invoice does not. Look there.</source>
        <translation>Die Mitgliedschaft steht bei Stripe, ihre erste Rechnung aber nicht. Sehen Sie dort nach.</translation>
    </message>
    <message>
        <source>An older or newer version of the program wrote this. Update, then try again.</source>
        <translation>Eine ältere oder neuere Version des Programms hat dies geschrieben. Aktualisieren Sie, dann noch einmal.</translation>
    </message>
</context>
<context>
    <name>Restore</name>
    <message>
        <source>Close every other copy of this kiosk first, on this machine and on others.</source>
        <translation>Schließen Sie zuerst jede andere Kopie dieses Kiosks, auf diesem Gerät und auf anderen.</translation>
    </message>
    <message>
        <source>Entries that wait to be sent: %1. They are looked for at Stripe first.</source>
        <translation>Einträge, die auf das Senden warten: %1. Sie werden zuerst bei Stripe gesucht.</translation>
    </message>
    <message>
        <source>Its receipts begin with %1, its pass numbers with %2.</source>
        <translation>Ihre Belege beginnen mit %1, ihre Passnummern mit %2.</translation>
    </message>
    <message>
        <source>The other copy has sold beside this one. What it sold is not here: send it from there before you close it.</source>
        <translation>Die andere Kopie hat neben dieser verkauft. Was sie verkauft hat, ist nicht hier: Senden Sie es von dort, bevor Sie sie schließen.</translation>
    </message>
    <message>
        <source>This copy begins a new life: receipts get a series of their own and pass numbers jump, so that no number is used twice. What waits to be sent is looked for at Stripe first. It cannot be taken back.</source>
        <translation>Diese Kopie beginnt ein neues Leben: Belege bekommen eine eigene Reihe, und Passnummern springen, damit keine Nummer zweimal vergeben wird. Was auf das Senden wartet, wird zuerst bei Stripe gesucht. Es lässt sich nicht zurücknehmen.</translation>
    </message>
    <message>
        <source>This copy is confirmed, and may sell.</source>
        <translation>Diese Kopie ist bestätigt und darf verkaufen.</translation>
    </message>
    <message>
        <source>What was sold after this copy was made is not in it. If there is a newer copy, put that one back instead.</source>
        <translation>Was nach dem Anlegen dieser Kopie verkauft wurde, fehlt in ihr. Gibt es eine neuere Kopie, legen Sie lieber diese zurück.</translation>
    </message>
    <message>
        <source>What was sold in between is not here: count the goods and the cash before you go on.</source>
        <translation>Was dazwischen verkauft wurde, ist nicht hier: Zählen Sie Waren und Kasse, bevor Sie weitermachen.</translation>
    </message>
    <message numerus="yes">
        <source>At least %n link(s) of the journal are missing.</source>
        <translation>
            <numerusform>Mindestens %n Glied des Journals fehlt.</numerusform>
            <numerusform>Mindestens %n Glieder des Journals fehlen.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ScanToPay</name>
    <message>
        <source>Payment code</source>
        <translation>Zahlungscode</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Scan to pay</source>
        <translation>Scannen und zahlen</translation>
    </message>
    <message>
        <source>to %1</source>
        <translation>an %1</translation>
    </message>
    <message>
        <source>Point your phone's camera at the code and pay there. No network here is needed; your phone's own will do.</source>
        <translation>Richten Sie die Kamera Ihres Telefons auf den Code und zahlen Sie dort. Hier braucht es kein Netz, das Ihres Telefons genügt.</translation>
    </message>
    <message>
        <source>Receipt %1</source>
        <translation>Beleg %1</translation>
    </message>
    <message>
        <source>The code before</source>
        <translation>Der Code davor</translation>
    </message>
    <message>
        <source>Next code</source>
        <translation>Nächster Code</translation>
    </message>
    <message>
        <source>To my pass</source>
        <translation>Zu meinem Pass</translation>
    </message>
</context>
<context>
    <name>Scans</name>
    <message>
        <source>Welcome. This pass is good.</source>
        <translation>Willkommen. Dieser Pass gilt.</translation>
    </message>
    <message>
        <source>This is not one of our codes.</source>
        <translation>Das ist keiner unserer Codes.</translation>
    </message>
    <message>
        <source>This code was not read cleanly. Scan it again.</source>
        <translation>Dieser Code wurde nicht sauber gelesen. Scannen Sie ihn noch einmal.</translation>
    </message>
    <message>
        <source>This pass is of a kind this gate does not know yet. Update the gate.</source>
        <translation>Diese Art Pass kennt der Einlass noch nicht. Aktualisieren Sie den Einlass.</translation>
    </message>
    <message>
        <source>Part of this code is missing. Scan the whole of it again.</source>
        <translation>Von diesem Code fehlt ein Teil. Scannen Sie ihn noch einmal ganz.</translation>
    </message>
    <message>
        <source>This pass was not issued by this organiser.</source>
        <translation>Dieser Pass wurde nicht von diesem Veranstalter ausgestellt.</translation>
    </message>
    <message>
        <source>This pass has been altered.</source>
        <translation>Dieser Pass wurde verändert.</translation>
    </message>
    <message>
        <source>This pass is not well formed. Nobody here made it.</source>
        <translation>Dieser Pass ist nicht richtig gebaut. Hier hat ihn niemand gemacht.</translation>
    </message>
    <message>
        <source>The device that made this pass has no proper certificate.</source>
        <translation>Das Gerät, das diesen Pass gemacht hat, hat kein gültiges Zertifikat.</translation>
    </message>
    <message>
        <source>What this pass says does not hold together.</source>
        <translation>Was dieser Pass sagt, passt nicht zusammen.</translation>
    </message>
    <message>
        <source>This pass names another device than the one that signed it.</source>
        <translation>Dieser Pass nennt ein anderes Gerät als das, das ihn unterschrieben hat.</translation>
    </message>
    <message>
        <source>The device that made this pass was not allowed to.</source>
        <translation>Das Gerät, das diesen Pass gemacht hat, durfte es nicht.</translation>
    </message>
    <message>
        <source>The device that made this pass had no right to sell for this event.</source>
        <translation>Das Gerät, das diesen Pass gemacht hat, durfte für dieses Event nicht verkaufen.</translation>
    </message>
    <message>
        <source>The device that made this pass had used up its numbers.</source>
        <translation>Das Gerät, das diesen Pass gemacht hat, hatte seine Nummern aufgebraucht.</translation>
    </message>
    <message>
        <source>Another pass carries the same number. Ask for the organiser.</source>
        <translation>Ein anderer Pass trägt dieselbe Nummer. Holen Sie den Veranstalter.</translation>
    </message>
    <message>
        <source>This gate does not know the device that made this pass. Connect the gate once.</source>
        <translation>Dieser Einlass kennt das Gerät nicht, das den Pass gemacht hat. Verbinden Sie den Einlass einmal.</translation>
    </message>
    <message>
        <source>The device that made this pass was withdrawn. Ask for the organiser.</source>
        <translation>Das Gerät, das diesen Pass gemacht hat, wurde zurückgezogen. Holen Sie den Veranstalter.</translation>
    </message>
    <message>
        <source>The certificate behind this pass does not cover its day. Ask for the organiser.</source>
        <translation>Das Zertifikat hinter diesem Pass gilt nicht an seinem Tag. Holen Sie den Veranstalter.</translation>
    </message>
    <message>
        <source>This pass is dated in the future. Check the clock of this gate.</source>
        <translation>Dieser Pass ist aus der Zukunft. Prüfen Sie die Uhr des Einlasses.</translation>
    </message>
    <message>
        <source>This pass has run out.</source>
        <translation>Dieser Pass ist abgelaufen.</translation>
    </message>
    <message>
        <source>This pass was provisional, and its payment was not seen in time.</source>
        <translation>Dieser Pass war vorläufig, und seine Zahlung wurde nicht rechtzeitig gesehen.</translation>
    </message>
    <message>
        <source>This pass was taken back.</source>
        <translation>Dieser Pass wurde zurückgenommen.</translation>
    </message>
    <message>
        <source>This pass is on hold while its payment is looked at.</source>
        <translation>Dieser Pass ruht, solange seine Zahlung geprüft wird.</translation>
    </message>
    <message>
        <source>A newer pass took the place of this one.</source>
        <translation>Ein neuerer Pass hat diesen ersetzt.</translation>
    </message>
    <message>
        <source>This pass belongs to another event.</source>
        <translation>Dieser Pass gehört zu einem anderen Event.</translation>
    </message>
    <message>
        <source>This is a training pass. It admits nobody.</source>
        <translation>Das ist ein Übungspass. Er lässt niemanden ein.</translation>
    </message>
    <message>
        <source>This pass has been used.</source>
        <translation>Dieser Pass wurde schon benutzt.</translation>
    </message>
    <message>
        <source>This pass is not for this door.</source>
        <translation>Dieser Pass gilt nicht für diese Tür.</translation>
    </message>
    <message>
        <source>Provisional: the payment was not seen yet.</source>
        <translation>Vorläufig: Die Zahlung wurde noch nicht gesehen.</translation>
    </message>
    <message>
        <source>The list of withdrawn passes is old. Connect this gate when you can.</source>
        <translation>Die Liste zurückgezogener Pässe ist alt. Verbinden Sie den Einlass, sobald es geht.</translation>
    </message>
    <message>
        <source>The clock of the kiosk that made this pass was not certain.</source>
        <translation>Die Uhr des Kiosks, der diesen Pass gemacht hat, war nicht sicher.</translation>
    </message>
    <message>
        <source>The clock of this gate may be wrong.</source>
        <translation>Die Uhr dieses Einlasses geht vielleicht falsch.</translation>
    </message>
    <message>
        <source>The kiosk's certificate has run out since this pass was made.</source>
        <translation>Das Zertifikat des Kiosks ist seit diesem Pass abgelaufen.</translation>
    </message>
    <message>
        <source>Please check the name against an identity card.</source>
        <translation>Bitte vergleichen Sie den Namen mit einem Ausweis.</translation>
    </message>
    <message>
        <source>The kiosk was withdrawn later; this pass was known before that.</source>
        <translation>Der Kiosk wurde später zurückgezogen; dieser Pass war schon vorher bekannt.</translation>
    </message>
</context>
<context>
    <name>Secrets</name>
    <message>
        <source>PIN</source>
        <translation>PIN</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>Recovery key</source>
        <translation>Wiederherstellungsschlüssel</translation>
    </message>
    <message>
        <source>%1 or %2</source>
        <translation>%1 oder %2</translation>
    </message>
    <message>
        <source>%1, %2 or %3</source>
        <translation>%1, %2 oder %3</translation>
    </message>
    <message>
        <source>The recovery key: its groups or its 24 words, all in one line.</source>
        <translation>Der Wiederherstellungsschlüssel: die Gruppen oder die 24 Wörter, alles in einer Zeile.</translation>
    </message>
    <message>
        <source>recovery key</source>
        <translation>Wiederherstellungsschlüssel</translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>StaffNav</name>
    <message>
        <source>Doctor</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Outbox</source>
        <translation>Ausgang</translation>
    </message>
    <message>
        <source>Parked carts</source>
        <translation>Geparkte Körbe</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>Mitglieder</translation>
    </message>
</context>
<context>
    <name>StatusBadge</name>
    <message>
        <source>Staff: %1</source>
        <translation>Team: %1</translation>
    </message>
</context>
<context>
    <name>Stepper</name>
    <message>
        <source>One fewer: %1</source>
        <translation>Eins weniger: %1</translation>
    </message>
    <message>
        <source>One more: %1</source>
        <translation>Eins mehr: %1</translation>
    </message>
</context>
<context>
    <name>Tick</name>
    <message>
        <source>%1 (optional)</source>
        <translation>%1 (freiwillig)</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <source>Read: %1</source>
        <translation>Lesen: %1</translation>
    </message>
</context>
<context>
    <name>Time</name>
    <message>
        <source>just now</source>
        <translation>gerade eben</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 h</translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n Tag</numerusform>
            <numerusform>%n Tagen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Today</name>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Takings</source>
        <translation>Einnahmen</translation>
    </message>
    <message>
        <source>Sales</source>
        <translation>Verkäufe</translation>
    </message>
    <message>
        <source>On trust</source>
        <translation>Auf Vertrauen</translation>
    </message>
    <message>
        <source>On trust, of %1</source>
        <translation>Auf Vertrauen, von %1</translation>
    </message>
    <message>
        <source>Who touches the screen</source>
        <translation>Wer den Bildschirm berührt</translation>
    </message>
    <message>
        <source>Assisted</source>
        <translation>Begleitet</translation>
    </message>
    <message>
        <source>Self-service</source>
        <translation>Selbstbedienung</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Practice: the network</source>
        <translation>Übung: das Netz</translation>
    </message>
    <message>
        <source>Plugged in</source>
        <translation>Eingesteckt</translation>
    </message>
    <message>
        <source>Pulled out</source>
        <translation>Gezogen</translation>
    </message>
    <message>
        <source>Too slow with the camera?</source>
        <translation>Zu langsam mit der Kamera?</translation>
    </message>
    <message>
        <source>Show the newest pass again</source>
        <translation>Den neuesten Pass noch einmal zeigen</translation>
    </message>
    <message>
        <source>Practice: waiting for the member's payment</source>
        <translation>Übung: wartet auf die Zahlung des Mitglieds</translation>
    </message>
    <message>
        <source>Member pays now</source>
        <translation>Mitglied zahlt jetzt</translation>
    </message>
    <message>
        <source>Close the program</source>
        <translation>Programm beenden</translation>
    </message>
    <message>
        <source>Each visit begins in</source>
        <translation>Jeder Besuch beginnt auf</translation>
    </message>
</context>
<context>
    <name>TouchBoard</name>
    <message>
        <source>Keyboard on the screen</source>
        <translation>Tastatur auf dem Bildschirm</translation>
    </message>
    <message>
        <source>Capital letter</source>
        <translation>Großbuchstabe</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Zurücknehmen</translation>
    </message>
    <message>
        <source>Next field</source>
        <translation>Nächstes Feld</translation>
    </message>
    <message>
        <source>Hide the keyboard</source>
        <translation>Die Tastatur verbergen</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
</context>
<context>
    <name>Trade</name>
    <message numerus="yes">
        <source>%n times</source>
        <translation>
            <numerusform>%n-mal</numerusform>
            <numerusform>%n-mal</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, as often as you like</source>
        <translation>%1, so oft Sie mögen</translation>
    </message>
    <message>
        <source>Cash</source>
        <translation>Bar</translation>
    </message>
    <message>
        <source>Scan to pay</source>
        <translation>Scannen und zahlen</translation>
    </message>
    <message>
        <source>Pay later</source>
        <translation>Später zahlen</translation>
    </message>
    <message>
        <source>Hand it over here; change is counted.</source>
        <translation>Hier übergeben; das Rückgeld wird ausgerechnet.</translation>
    </message>
    <message>
        <source>Get a number and pay at the counter.</source>
        <translation>Eine Nummer ziehen und am Tresen zahlen.</translation>
    </message>
    <message>
        <source>By card or wallet on the visitor's own phone.</source>
        <translation>Mit Karte oder Wallet auf dem Telefon des Gastes.</translation>
    </message>
    <message>
        <source>By card or wallet on your own phone.</source>
        <translation>Mit Karte oder Wallet auf Ihrem Telefon.</translation>
    </message>
    <message>
        <source>An invoice follows by e-mail.</source>
        <translation>Eine Rechnung folgt per E-Mail.</translation>
    </message>
    <message>
        <source>An invoice comes to you by e-mail.</source>
        <translation>Eine Rechnung kommt per E-Mail zu Ihnen.</translation>
    </message>
    <message>
        <source>The amount is too small for this way to pay.</source>
        <translation>Der Betrag ist zu klein für diese Zahlungsart.</translation>
    </message>
    <message>
        <source>The amount is too large for this way to pay.</source>
        <translation>Der Betrag ist zu groß für diese Zahlungsart.</translation>
    </message>
    <message>
        <source>Not prepared for everything in the cart.</source>
        <translation>Nicht für alles im Korb vorbereitet.</translation>
    </message>
    <message>
        <source>Enough is open on trust for now.</source>
        <translation>Im Moment sind genug Zahlungen offen.</translation>
    </message>
    <message>
        <source>Too many things for one phone payment.</source>
        <translation>Zu viele Dinge für eine Zahlung per Telefon.</translation>
    </message>
    <message>
        <source>Not for a membership that ends by itself and is paid bit by bit.</source>
      <translation>Nicht für eine Mitgliedschaft, die von selbst endet und nach und nach bezahlt wird.</translation>
    </message>
    <message>
        <source>There is nothing to pay.</source>
        <translation>Es gibt nichts zu zahlen.</translation>
    </message>
    <message>
        <source>a day</source>
        <translation>pro Tag</translation>
    </message>
    <message>
        <source>a week</source>
        <translation>pro Woche</translation>
    </message>
    <message>
        <source>a month</source>
        <translation>pro Monat</translation>
    </message>
    <message numerus="yes">
        <source>every %n days</source>
        <translation>
            <numerusform>jeden Tag</numerusform>
            <numerusform>alle %n Tage</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>every %n weeks</source>
        <translation>
            <numerusform>jede Woche</numerusform>
            <numerusform>alle %n Wochen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>every %n months</source>
        <translation>
            <numerusform>jeden Monat</numerusform>
            <numerusform>alle %n Monate</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>for %n days</source>
        <translation>
            <numerusform>für %n Tag</numerusform>
            <numerusform>für %n Tage</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>for %n weeks</source>
        <translation>
            <numerusform>für %n Woche</numerusform>
            <numerusform>für %n Wochen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>for %n months</source>
        <translation>
            <numerusform>für %n Monat</numerusform>
            <numerusform>für %n Monate</numerusform>
        </translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Ungewiss</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>Zugestellt</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Bitte prüfen</translation>
    </message>
    <message>
        <source>Invoice</source>
        <translation>Rechnung</translation>
    </message>
    <message>
        <source>Membership</source>
        <translation>Mitgliedschaft</translation>
    </message>
    <message>
        <source>Payment expected</source>
        <translation>Zahlung erwartet</translation>
    </message>
    <message>
        <source>Stripe has not been asked yet.</source>
        <translation>Stripe wurde noch nicht gefragt.</translation>
    </message>
    <message>
        <source>Stripe can be reached.</source>
        <translation>Stripe ist erreichbar.</translation>
    </message>
    <message>
        <source>No network. Sales are kept here and sent later.</source>
        <translation>Kein Netz. Verkäufe bleiben hier und werden später gesendet.</translation>
    </message>
    <message>
        <source>Something else answers for Stripe. If the network asks for a login, open its page once on this machine.</source>
        <translation>Etwas anderes antwortet anstelle von Stripe. Verlangt das Netz eine Anmeldung, öffnen Sie deren Seite einmal auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Stripe refused the key. Sales are kept; put the right key in place.</source>
        <translation>Stripe hat den Schlüssel abgelehnt. Verkäufe bleiben hier; legen Sie den richtigen Schlüssel bereit.</translation>
    </message>
    <message>
        <source>The key belongs to another mode. Sales are kept; check test and live.</source>
        <translation>Der Schlüssel gehört zu einem anderen Modus. Verkäufe bleiben hier; prüfen Sie Test und Echt.</translation>
    </message>
    <message>
        <source>Stripe asks us to go slower. Sending goes on.</source>
        <translation>Stripe bittet, langsamer zu senden. Das Senden geht weiter.</translation>
    </message>
</context>
<context>
    <name>TrainingRibbon</name>
    <message>
        <source>Training: no real money, and passes admit nobody</source>
        <translation>Übung: kein echtes Geld, und Pässe lassen niemanden ein</translation>
    </message>
</context>
<context>
    <name>Unlock</name>
    <message>
        <source>Unlock the kiosk</source>
        <translation>Den Kiosk aufschließen</translation>
    </message>
    <message>
        <source>Unlocking</source>
        <translation>Schließt auf</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Aufschließen</translation>
    </message>
    <message>
        <source>The sales are kept encrypted. Staff open them after a start.</source>
        <translation>Die Verkäufe liegen verschlüsselt. Das Team öffnet sie nach einem Start.</translation>
    </message>
</context>
</TS>
