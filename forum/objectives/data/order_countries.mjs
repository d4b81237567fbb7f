// Writes the `rank` of every country in countries.json: its place in the alphabet of each language.
// Run by hand after a change of names, with a Node that has full ICU: node order_countries.mjs
// The ranks are stored because Python has no collation of its own and the server takes no ICU binding.

import { readFileSync, writeFileSync } from "node:fs";

const FILE = new URL("countries.json", import.meta.url);
const LOCALES = { ar: "ar", zh: "zh-u-co-pinyin", en: "en", fr: "fr", ru: "ru", es: "es" };

// A hyphen parts words as a space does (Guinée-Bissau before Guinée équatoriale, Saint-Marin before Sainte-Lucie).
const words = (name) => name.replace(/\s*[-–—]\s*/gu, " ");

const KEYS = {
  // United Nations lists in Arabic pass over the article (الصين stands under ص); every form of alef is one letter.
  // ICU already ignores the hamza, but takes آ for a letter before all others.
  ar: (name) => words(name).replace(/^ال/u, "").replaceAll("آ", "ا"),
  // 秘 is read bì in the name of Peru and mì everywhere else; 必 is bì.
  zh: (name) => words(name).replace(/^秘鲁/u, "必鲁"),
};

const file = JSON.parse(readFileSync(FILE, "utf8"));
for (const country of file.countries) country.rank = {};
for (const [lang, locale] of Object.entries(LOCALES)) {
  const collator = new Intl.Collator(locale);
  const key = (country) => (KEYS[lang] ?? words)(country.names[lang]);
  for (const status of ["member", "observer"]) {
    file.countries
      .filter((country) => country.status === status)
      .sort((a, b) => collator.compare(key(a), key(b)))
      .forEach((country, place) => { country.rank[lang] = place + 1; });
  }
}

// One country a line: a change of one name is one line of a diff.
const lines = file.countries.map((country) => "  " + JSON.stringify(country)).join(",\n");
writeFileSync(FILE, `{\n "_meta": ${JSON.stringify(file._meta)},\n "countries": [\n${lines}\n ]\n}\n`);
