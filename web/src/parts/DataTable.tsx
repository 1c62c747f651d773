// A table of rows: named columns, sorting by the server, a row that leads to its page. On a phone each row is a card.
import { UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import clsx from 'clsx';
import { memo, type ReactNode, useDeferredValue } from 'react';
import { useGo } from '@/context/links';
import { useTranslation } from '@/texts/translation';

import styles from './DataTable.module.css';

export interface Column<Row> {
  id: string;
  // Null for a column of buttons.
  header: string | null;
  cell: (row: Row) => ReactNode;
  align?: 'start' | 'end';
  width?: number | string;
  // On a phone, where a row is a card: its heading, what is beside the heading (as a column of buttons is), a line without the
  // column's name, or nothing. Else name and value, where there is a value.
  phone?: 'title' | 'aside' | 'line' | 'hidden';
  // The key that `sort` carries; the column can be sorted by.
  sort?: string;
}

interface DataTableProps<Row> {
  // Says what the table shows, for people who do not see it.
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowId: (row: Row) => string;
  // Where a row leads; give one cell a link of the same address, for the keyboard.
  rowLink?: (row: Row) => string;
  // "name" or "-name": the order the server was asked for.
  sort?: string;
  onSort?: (sort: string) => void;
  // A log: a line a row, what does not fit is cut.
  dense?: boolean;
}

// As many as are seen at first.
const firstMax = 8;

// The first rows come with the table, the others after it, in pieces, so that fifty of them hold nothing up.
export function DataTable<Row>({ label, columns, rows, rowId, rowLink, sort, onSort, dense = false }: DataTableProps<Row>) {
  const shown = useDeferredValue(rows, rows.slice(0, firstMax));
  return (
    <table className={clsx(styles.table, dense && styles.dense)} aria-label={label} aria-busy={shown !== rows} role="table">
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th
              key={column.id}
              role="columnheader"
              style={column.width === undefined ? undefined : { width: column.width }}
              className={clsx(styles.head, column.align === 'end' && styles.end)}
              aria-sort={ariaSort(column.sort, sort)}
            >
              <Header column={column} sort={sort} onSort={onSort} />
            </th>
          ))}
        </tr>
      </thead>
      <Body columns={columns} rows={shown} rowId={rowId} rowLink={rowLink} />
    </table>
  );
}

type BodyProps<Row> = Pick<DataTableProps<Row>, 'columns' | 'rows' | 'rowId' | 'rowLink'>;

function Rows<Row>({ columns, rows, rowId, rowLink }: BodyProps<Row>) {
  const { t } = useTranslation();
  const go = useGo();
  const saysNothing = (value: ReactNode) => value === null || value === undefined || value === false || value === '' || value === t('none');
  // A click on a link or a button inside the row is its own.
  const open = (event: React.MouseEvent, row: Row) => {
    if (rowLink === undefined || (event.target as Element).closest('a, button, input, label') !== null) return;
    if (getSelection()?.toString()) return;
    void go(rowLink(row));
  };
  return (
    <tbody role="rowgroup">
      {rows.map((row) => (
        <tr key={rowId(row)} role="row" className={clsx(rowLink !== undefined && styles.linked)} onClick={(event) => open(event, row)}>
          {columns.map((column) => {
            const value = column.cell(row);
            return (
              <td
                key={column.id}
                role="cell"
                className={clsx(column.align === 'end' && styles.end)}
                data-label={column.phone === undefined ? (column.header ?? undefined) : undefined}
                data-phone={saysNothing(value) ? 'hidden' : (column.phone ?? (column.header === null ? 'aside' : undefined))}
              >
                {value}
              </td>
            );
          })}
        </tr>
      ))}
    </tbody>
  );
}

// An id and a link depend on the row alone, so other functions for them change nothing.
const Body = memo(Rows, (before, after) => before.columns === after.columns && before.rows === after.rows) as typeof Rows;

function ariaSort(key: string | undefined, sort: string | undefined) {
  if (key === undefined) return undefined;
  if (sort === key) return 'ascending' as const;
  return sort === `-${key}` ? ('descending' as const) : ('none' as const);
}

function Header<Row>({ column, sort, onSort }: { column: Column<Row>; sort?: string; onSort?: (sort: string) => void }) {
  const { t } = useTranslation();
  const key = column.sort;
  if (column.header === null) return <VisuallyHidden>{t('actions')}</VisuallyHidden>;
  if (key === undefined || onSort === undefined) return column.header;
  const Arrow = sort === key ? IconArrowUp : sort === `-${key}` ? IconArrowDown : IconArrowsSort;
  return (
    <UnstyledButton className={styles.sort} onClick={() => onSort(sort === key ? `-${key}` : key)}>
      {column.header}
      <Arrow size={14} aria-hidden />
    </UnstyledButton>
  );
}
