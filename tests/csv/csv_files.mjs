// The files of tests/csv/files: what writes each, how it is read, which of its rows are refused and why. The contacts are
// the same in most: `people`.
const people = {
  c1: { first_name: 'Zoé', last_name: 'Müller', email: 'zoe@example.org', address_line_1: '12 rue de l’Église', budget: 1234.5 },
  c2: { first_name: 'Élie', last_name: 'François', email: 'elie@example.org', address_line_1: 'Bât. "B", 3e étage', budget: 80 },
  c3: { first_name: 'Noël', last_name: 'Strauß', email: 'noel@example.org', budget: 7.5 },
};
const plainApostrophe = { ...people, c1: { ...people.c1, address_line_1: "12 rue de l'Église" } };
const { c1, c2, c3 } = people;
const { c1: p1, c2: p2 } = plainApostrophe;
const first = { c1, c2 };

export const csvFiles = [
  { file: 'excel_semicolon_windows_1252.csv', encoding: 'windows-1252', delimiter: 'semicolon', contacts: people },
  { file: 'excel_utf8.csv', encoding: 'utf-8', delimiter: 'semicolon', contacts: people },
  { file: 'excel_unicode_text.txt', encoding: 'utf-16le', delimiter: 'tab', contacts: people },
  { file: 'excel_sep_line.csv', encoding: 'windows-1252', delimiter: 'semicolon', contacts: people },
  { file: 'excel_macintosh.csv', encoding: 'macintosh', delimiter: 'semicolon', contacts: people },
  { file: 'excel_msdos.csv', encoding: 'ibm850', delimiter: 'semicolon', contacts: plainApostrophe },
  { file: 'excel_missing_delimiters.csv', encoding: 'windows-1252', delimiter: 'semicolon', contacts: first, refused: { 3: /fewer cells/ } },
  { file: 'libreoffice_utf8.csv', encoding: 'utf-8', delimiter: 'comma', contacts: people },
  { file: 'libreoffice_utf16.csv', encoding: 'utf-16be', delimiter: 'tab', contacts: people },
  { file: 'libreoffice_quoted_iso_8859_15.csv', encoding: 'windows-1252', delimiter: 'semicolon', contacts: plainApostrophe },
  { file: 'google_sheets.csv', encoding: 'utf-8', delimiter: 'comma', contacts: people },
  { file: 'salesforce.csv', encoding: 'windows-1252', delimiter: 'comma', contacts: plainApostrophe },
  { file: 'hubspot.csv', encoding: 'utf-8', delimiter: 'comma', contacts: people },
  { file: 'pipe.txt', encoding: 'utf-8', delimiter: 'pipe', contacts: people },
  { file: 'blank_lines_trailing_delimiter.csv', encoding: 'utf-8', delimiter: 'semicolon', contacts: people, columns: (all) => [...all, ''] },
  { file: 'hidden_spaces.csv', encoding: 'utf-8', delimiter: 'semicolon', contacts: first, refused: { 3: /cannot be seen/ } },
  { file: 'php_fputcsv.csv', encoding: 'utf-8', delimiter: 'comma', contacts: people, refused: { 3: /closing quote.* line 4/ } },
  { file: 'mysql_outfile.txt', encoding: 'utf-8', delimiter: 'tab', contacts: { c1, c3 }, refused: { 2: /quote inside.* line 3/, 3: /more cells/ } },
  { file: 'mysql_enclosed.csv', encoding: 'utf-8', delimiter: 'comma', contacts: { c1, c3 }, refused: { 2: /closing quote.* line 3/ } },
  { file: 'pandas_index.csv', encoding: 'utf-8', delimiter: 'comma', contacts: people, columns: (all) => ['', ...all] },
  {
    file: 'excel_windows_1251.csv', ask: { encoding: 'windows-1251' }, encoding: 'windows-1251', delimiter: 'semicolon',
    contacts: { c1: { first_name: 'Иван', last_name: 'Петров', email: 'ivan@example.org', address_line_1: 'Москва', budget: 5 } },
    unaided: 'encoding',
  },
  {
    file: 'lost_characters.csv', encoding: 'utf-8', delimiter: 'comma',
    contacts: {
      c1: { first_name: 'Zoé', last_name: 'Müller', email: 'zoe@example.org', budget: 1 },
      c5: { first_name: 'Ana', last_name: 'Nová', email: 'ana@example.org', budget: 4 },
    },
    refused: { 2: /could not be read/, 3: /could not be read/ },
  },
  { file: 'undefined_byte.csv', encoding: 'windows-1252', delimiter: 'semicolon', contacts: { c1: p1, c2: p2 }, refused: { 3: /could not be read/ } },
  { file: 'unclosed_quote.csv', encoding: 'utf-8', delimiter: 'comma', contacts: { c1, c2, c3, c7: { first_name: 'Guest 7', last_name: 'Nova', email: 'g7@example.org', budget: 1 } },
    refused: { 4: /line 5 and is not closed/ } },
];
