// JSON to be read: coloured, folded, with the label of a custom field beside its code and the date beside a timestamp. A
// click on a name copies its path.
import { type ReactNode, useMemo, useState } from 'react';

import { Code } from '@/parts/Code';
import code from '@/parts/Code.module.css';
import { copyText } from '@/parts/copy_text';
import { CopyButton } from '@/parts/CopyButton';
import { formatTime } from '@/parts/format_time';
import { Hint } from '@/parts/Hint';
import { indentJson } from '@/parts/indent_json';
import { useLocale } from '@/parts/Time';
import { useFields } from '@/queries/fields';
import { useTranslation } from '@/texts/translation';
import styles from './JsonTree.module.css';
import { type JsonNode, momentOf, parseJson, pathOf, sizeOf } from './parse';

// A page stays light: what has more is folded until it is opened, and shown in parts.
const openSizeMax = 120;
const shownMax = 100;

interface JsonTreeProps {
  label: string;
  text: string;
  // Whose custom fields its codes are.
  venueId?: string;
}

export function JsonTree({ label, text, venueId }: JsonTreeProps) {
  const fields = useFields(venueId === undefined ? null : { venue_id: venueId }).data;
  const labels = useMemo(() => new Map((fields ?? []).map((field) => [field.code, field.label])), [fields]);
  const root = useMemo(() => parseJson(text), [text]);
  if (root === null) return <Code label={label} wrap>{text}</Code>;
  return (
    <div className={code.block}>
      <div className={styles.tree} tabIndex={0} role="region" aria-label={label}>
        <Node node={root} path="" depth={0} labels={labels} />
      </div>
      <div className={code.copy}><CopyButton value={indentJson(text)} /></div>
    </div>
  );
}

interface NodeProps {
  node: JsonNode;
  name?: string | number;
  path: string;
  depth: number;
  labels: ReadonlyMap<string, string>;
  last?: boolean;
}

function Node({ node, name, path, depth, labels, last = true }: NodeProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const holds = node.kind === 'object' || node.kind === 'array';
  const [open, setOpen] = useState(() => depth === 0 || !holds || sizeOf(node) <= openSizeMax);
  const [shown, setShown] = useState(shownMax);
  const comma = last ? '' : ',';
  const head = typeof name === 'string' ? <><Name name={name} path={path} />: </> : null;
  const indent = { paddingInlineStart: `${1.25 + depth}rem` };
  if (!holds) {
    const moment = momentOf(node);
    const label = typeof name === 'string' ? labels.get(name) : undefined;
    const notes = [label, moment === null ? undefined : formatTime(moment, 'full', locale)].filter(Boolean).join(' · ');
    return (
      <div className={styles.line} style={indent}>
        {head}<span className={styles[node.kind]}>{node.text}</span>{comma}{notes !== '' && <span className={styles.note}>{notes}</span>}
      </div>
    );
  }
  const [begin, end] = node.kind === 'object' ? ['{', '}'] : ['[', ']'];
  const children = node.kind === 'object' ? node.entries.map(({ key, value }) => ({ key, value })) : node.items.map((value, key) => ({ key, value }));
  if (children.length === 0) return <div className={styles.line} style={indent}>{head}{begin}{end}{comma}</div>;
  const label = typeof name === 'string' ? labels.get(name) : undefined;
  return (
    <>
      <div className={styles.line} style={indent}>
        {depth > 0 && (
          <button type="button" className={styles.fold} aria-expanded={open} aria-label={t(open ? 'json.fold' : 'json.unfold', { path })} onClick={() => setOpen(!open)} style={{ insetInlineStart: `${depth}rem` }} />
        )}
        {head}{begin}{!open && <><button type="button" className={styles.more} onClick={() => setOpen(true)}>{t('json.count', { count: children.length })}</button>{end}{comma}</>}
        {label !== undefined && <span className={styles.note}>{label}</span>}
      </div>
      {open && (
        <>
          {children.slice(0, shown).map(({ key, value }, index) => (
            <Node key={`${key}#${index}`} node={value} name={key} path={pathOf(path, key)} depth={depth + 1} labels={labels} last={index === children.length - 1} />
          ))}
          {children.length > shown && (
            <div className={styles.line} style={{ paddingInlineStart: `${2.25 + depth}rem` }}>
              <button type="button" className={styles.more} onClick={() => setShown(shown + shownMax)}>{t('json.rest', { count: children.length - shown })}</button>
            </div>
          )}
          <div className={styles.line} style={indent}>{end}{comma}</div>
        </>
      )}
    </>
  );
}

function Name({ name, path }: { name: string; path: string }): ReactNode {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  return (
    <Hint label={copied ? t('copied') : t('json.copy_path', { path })} delayMs={500}>
      <button type="button" className={styles.name} onClick={() => void copyText(path).then(setCopied)} onPointerLeave={() => setCopied(false)}>{JSON.stringify(name)}</button>
    </Hint>
  );
}
