/** A table for 50,000 rows: only those on screen exist. Sorted, filtered, grouped, selected; all of it with the keyboard. */

import { type KeyboardEvent, type ReactNode, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { mdiArrowDown, mdiArrowUp, mdiChevronDown, mdiChevronRight } from '@mdi/js';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useTranslation } from 'react-i18next';
import { Checkbox } from './fields';
import { EmptyState } from './EmptyState';
import { Icon } from './Icon';
import { compareValues, sortBy } from './sorting';
import styles from './DataTable.module.css';

export interface Column<Row> {
  id: string;
  label: string;
  /** What it is sorted, filtered and grouped by. Called for every row: quick, and without hooks. */
  value: (row: Row) => string | number | null | undefined;
  /** What is shown, `value` without it. May use hooks through a component of its own (`<StateText …/>`). */
  cell?: (row: Row) => ReactNode;
  /** CSS of a grid's column; `minmax(0, 1fr)` without it. */
  width?: string;
  sortable?: boolean;
  align?: 'start' | 'end';
  /** `wide`: only where there is room; `never`: rows are filtered and grouped by it, and it is not shown. */
  show?: 'always' | 'wide' | 'never';
}

export interface DataTableProps<Row> {
  label: string;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  columns: readonly Column<Row>[];
  /** Words of which each must stand in one of a row's values. */
  filter?: string;
  /** Whether a row is shown at all; keep it stable. Looked at when it is another one, not for each rendering. */
  accept?: (row: Row) => boolean;
  /** Told how many rows are shown. */
  onCount?: (count: number) => void;
  sort?: { column: string; descending: boolean };
  onSort?: (sort: { column: string; descending: boolean }) => void;
  /** Groups rows by their value in this column; null: no groups. */
  groupBy?: string | null;
  selected?: ReadonlySet<string>;
  onSelect?: (selected: ReadonlySet<string>) => void;
  /** A press on a row, or Enter. */
  onOpen?: (row: Row) => void;
  rowHeight?: number;
  /** Shown when there is no row at all, or none that passes the filter. */
  empty?: ReactNode;
}

type Line<Row> = { kind: 'group'; name: string; count: number; open: boolean } | { kind: 'row'; row: Row; key: string };

const PAGE_LINES = 10;

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, rowKey, columns, filter = '', groupBy = null, selected, onSelect, onOpen, rowHeight = 56, empty, onCount } = props;
  const { t, i18n } = useTranslation('components');
  const [ownSort, setOwnSort] = useState<{ column: string; descending: boolean } | null>(null);
  const sort = props.sort ?? ownSort ?? { column: columns[0]?.id ?? '', descending: false };
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState(0);
  const wanted = useDeferredValue(filter);
  const accepts = useDeferredValue(props.accept);
  const collator = useMemo(() => new Intl.Collator(i18n.language, { numeric: true, sensitivity: 'base' }), [i18n.language]);

  // Sorted first: that is dear, and typing into a filter need not do it again.
  const ordered = useMemo(() => {
    const column = columns.find((each) => each.id === sort.column);
    return column ? sortBy(rows, column.value, sort.descending, collator) : rows;
  }, [rows, columns, sort.column, sort.descending, collator]);

  const sorted = useMemo(() => {
    const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length && !accepts) return ordered;
    return ordered.filter((row) => {
      if (accepts && !accepts(row)) return false;
      if (!words.length) return true;
      const text = columns.map((column) => column.value(row) ?? '').join('\n').toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }, [ordered, columns, wanted, accepts]);
  const shownCount = sorted.length;
  useEffect(() => onCount?.(shownCount), [onCount, shownCount]);

  const lines = useMemo<Line<Row>[]>(() => {
    const column = groupBy ? columns.find((each) => each.id === groupBy) : undefined;
    const asLine = (row: Row): Line<Row> => ({ kind: 'row', row, key: rowKey(row) });
    if (!column) return sorted.map(asLine);
    const groups = new Map<string, Row[]>();
    for (const row of sorted) {
      const name = String(column.value(row) ?? '');
      const group = groups.get(name);
      if (group) group.push(row);
      else groups.set(name, [row]);
    }
    return [...groups]
      .sort(([a], [b]) => compareValues(a, b, collator))
      .flatMap(([name, inside]) => {
        const isOpen = !closed.has(name);
        return [{ kind: 'group' as const, name, count: inside.length, open: isOpen }, ...(isOpen ? inside.map(asLine) : [])];
      });
  }, [sorted, columns, groupBy, closed, rowKey, collator]);

  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useEffect(() => {
    const measure = () => setTop(body.current ? body.current.getBoundingClientRect().top + scrollY : 0);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
   
  const virtual = useWindowVirtualizer({ count: lines.length, estimateSize: () => rowHeight, overscan: 8, scrollMargin: top });

  const visible = useMemo(() => columns.filter((column) => column.show !== 'never'), [columns]);
  const template = useMemo(
    () => ({
      wide: [onSelect ? '44px' : '', ...visible.map((column) => column.width ?? 'minmax(0, 1fr)')].filter(Boolean).join(' '),
      narrow: [onSelect ? '44px' : '', ...visible.filter((column) => column.show !== 'wide').map((column) => column.width ?? 'minmax(0, 1fr)')].filter(Boolean).join(' '),
    }),
    [visible, onSelect],
  );

  const allKeys = useCallback(() => sorted.map(rowKey), [sorted, rowKey]);
  const toggle = (key: string) => {
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    onSelect?.(next);
  };
  const toggleGroup = (name: string) => {
    const next = new Set(closed);
    if (!next.delete(name)) next.add(name);
    setClosed(next);
  };
  const chooseSort = (column: string) => {
    const next = { column, descending: sort.column === column ? !sort.descending : false };
    if (props.onSort) props.onSort(next);
    else setOwnSort(next);
  };

  const goTo = (index: number) => {
    const next = Math.max(0, Math.min(lines.length - 1, index));
    setCurrent(next);
    virtual.scrollToIndex(next, { align: 'auto' });
    requestAnimationFrame(() => body.current?.querySelector<HTMLElement>(`[data-line="${next}"]`)?.focus({ preventScroll: true }));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset.line === undefined) return;
    const line = lines[current];
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE_LINES, PageUp: -PAGE_LINES, Home: -lines.length, End: lines.length };
    const step = steps[event.key];
    if (step !== undefined) goTo(current + step);
    else if (event.key === 'Enter' && line?.kind === 'row' && onOpen) onOpen(line.row);
    else if ((event.key === 'Enter' || event.key === ' ') && line?.kind === 'group') toggleGroup(line.name);
    else if (event.key === ' ' && line?.kind === 'row' && onSelect) toggle(line.key);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey) && onSelect) onSelect(new Set(allKeys()));
    else return;
    event.preventDefault();
  };
  const count = selected?.size ?? 0;
  const isSelected = (key: string) => selected?.has(key) === true;

  return (
    <div
      className={styles.table}
      role={groupBy ? 'treegrid' : 'grid'}
      aria-label={label}
      aria-rowcount={lines.length + 1}
      aria-multiselectable={onSelect ? true : undefined}
      style={{ ['--wide' as string]: template.wide, ['--narrow' as string]: template.narrow }}
    >
      <div role="rowgroup" className={styles.headGroup}>
        <div role="row" className={`${styles.line} ${styles.head}`} aria-rowindex={1}>
          {onSelect && (
            <div role="columnheader" className={styles.cell}>
              <Checkbox
                label={t('selectAll')}
                hideLabel
                value={count > 0 && count >= sorted.length}
                indeterminate={count > 0 && count < sorted.length}
                onChange={(value) => onSelect(value ? new Set(allKeys()) : new Set())}
              />
            </div>
          )}
          {visible.map((column) => (
            <div
              key={column.id}
              role="columnheader"
              aria-sort={sort.column === column.id ? (sort.descending ? 'descending' : 'ascending') : undefined}
              className={`${styles.cell} ${column.show === 'wide' ? styles.wideOnly : ''} ${column.align === 'end' ? styles.end : ''}`}
            >
              {column.sortable === false ? (
                column.label
              ) : (
                <button type="button" className={styles.sort} onClick={() => chooseSort(column.id)}>
                  {column.label}
                  {sort.column === column.id && <Icon path={sort.descending ? mdiArrowDown : mdiArrowUp} size={16} />}
                </button>
              )}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" ref={body} className={styles.body} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          const place = { transform: `translateY(${item.start - virtual.options.scrollMargin}px)`, height: item.size };
          const common = {
            role: 'row',
            'aria-rowindex': item.index + 2,
            'data-line': item.index,
            tabIndex: item.index === Math.min(current, lines.length - 1) ? 0 : -1,
            onFocus: () => setCurrent(item.index),
            onKeyDown,
            style: place,
          };
          if (line.kind === 'group') {
            return (
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- keys are taken by the table
              <div key={`group ${line.name}`} {...common} role="row" aria-level={1} aria-expanded={line.open} className={`${styles.line} ${styles.group}`} onClick={() => toggleGroup(line.name)}>
                <div role="gridcell" className={styles.groupCell}>
                  <Icon path={line.open ? mdiChevronDown : mdiChevronRight} size={20} />
                  <strong>{line.name || t('noGroup')}</strong>
                  <span className={styles.count}>{line.count}</span>
                </div>
              </div>
            );
          }
          return (
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- keys are taken by the table
            <div
              key={line.key}
              {...common}
              role="row"
              aria-selected={onSelect ? isSelected(line.key) : undefined}
              aria-level={groupBy ? 2 : undefined}
              className={`${styles.line} ${styles.row} ${onOpen ? styles.opens : ''} ${isSelected(line.key) ? styles.selected : ''}`}
              onClick={(event) => {
                if (onOpen && !(event.target as HTMLElement).closest('button, a, input, label, [data-no-open]')) onOpen(line.row);
              }}
            >
              {onSelect && (
                <div role="gridcell" className={styles.cell}>
                  <Checkbox label={t('selectRow', { name: String(columns[0]?.value(line.row) ?? line.key) })} hideLabel value={isSelected(line.key)} onChange={() => toggle(line.key)} />
                </div>
              )}
              {visible.map((column) => (
                <div key={column.id} role="gridcell" className={`${styles.cell} ${column.cell ? '' : styles.plain} ${column.show === 'wide' ? styles.wideOnly : ''} ${column.align === 'end' ? styles.end : ''}`}>
                  {column.cell ? column.cell(line.row) : column.value(line.row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      {lines.length === 0 && (empty ?? <EmptyState title={t(rows.length ? 'nothingFits' : 'nothingHere')} />)}
    </div>
  );
}
