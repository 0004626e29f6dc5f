/** A table on its way to the clipboard; numbers as text with all digits. */
export type CopiedTable = Readonly<{
  header: readonly string[];
  rows: readonly (readonly string[])[];
}>;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;'
};

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, sign => ENTITIES[sign]);
}

/** Tab-separated, for spreadsheets. */
export function printTsv(table: CopiedTable): string {
  return [table.header, ...table.rows]
    .map(row => row.map(cell => cell.replace(/[\t\r\n]+/g, ' ')).join('\t'))
    .join('\n');
}

/** HTML, for mails. */
export function printHtml(table: CopiedTable): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map(cell => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  const body = table.rows.map(row => line(row, 'td')).join('');
  return `<table><thead>${line(table.header, 'th')}</thead><tbody>${body}</tbody></table>`;
}

/** Markdown, for cells of text. */
export function printMarkdown(table: CopiedTable): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replace(/\|/g, '\\|').replace(/[\r\n]+/g, ' ')).join(' | ')} |`;
  const rule = line(table.header.map(() => '---'));
  return [line(table.header), rule, ...table.rows.map(line)].join('\n');
}
