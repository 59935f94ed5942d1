/** What one step of a run saw and did: result, changed variables, times, errors; of a loop each round. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Banner, Select, Switch } from '@/components';
import { formatNumber, formatTime } from '@/data/words';
import { type Say, useSay } from '../kinds/say';
import { type Config, idsOf } from '../model/types';
import { write } from '../model/yamlText';
import type { Debugger } from './debug/useDebugger';
import { type Node, stateKey } from './graph';
import { between, inOrder, pieceAt, type Step, type Trace, within } from './trace';
import styles from './traces.module.css';

/** Long and seldom what one looks for: shown folded. */
const LONG = 1200;

export function Value({ value, label }: { value: unknown; label: string }) {
  const text = write(value).trimEnd();
  // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls: the keyboard must reach it
  const shown = <pre className={styles.value} tabIndex={0} aria-label={label}>{text}</pre>;
  if (text.length <= LONG) return shown;
  return (
    <details>
      <summary>{label}</summary>
      {shown}
    </details>
  );
}

export function milliseconds(value: number, language: string): string {
  return value >= 1000 ? `${formatNumber(value / 1000, language, { max: 2 })} s` : `${formatNumber(value, language, { max: value < 10 ? 2 : 0 })} ms`;
}

function Execution({ trace, step, steps }: { trace: Trace; step: Step; steps: readonly Step[] }) {
  const { t, i18n } = useTranslation('automations');
  const next = steps[steps.indexOf(step) + 1]?.timestamp ?? trace.timestamp.finish;
  const { result, changed_variables: variables, error, child_id: child } = step;
  const { context: _context, this: _this, ...changed } = variables ?? {};
  return (
    <div className={styles.details}>
      {error && <Banner kind="error" title={t('traces.failed')}>{error}</Banner>}
      <dl className={styles.facts}>
        <dt>{t('traces.at')}</dt>
        <dd>{formatTime(Date.parse(step.timestamp), i18n.language, 'seconds')} ({t('traces.after', { time: milliseconds(between(trace.timestamp.start, step.timestamp), i18n.language) })})</dd>
        {next && (
          <>
            <dt>{t('traces.took')}</dt>
            <dd>{milliseconds(Math.max(0, between(step.timestamp, next)), i18n.language)}</dd>
          </>
        )}
      </dl>
      {child && (
        <p>
          <Link href={`/${child.domain === 'script' ? 'scripts' : 'automations'}/trace/${encodeURIComponent(child.item_id)}/${child.run_id}`}>{t('traces.child', { name: child.item_id })}</Link>
        </p>
      )}
      {result && (
        <section>
          <h4>{t('traces.result')}</h4>
          <Value value={result} label={t('traces.result')} />
        </section>
      )}
      {Object.keys(changed).length > 0 && (
        <section>
          <h4>{t('traces.variables')}</h4>
          <Value value={changed} label={t('traces.variables')} />
        </section>
      )}
    </div>
  );
}

/** `…/entity_id/1` is about the second of a condition's entities. */
function entityOf(config: Config, path: string, say: Say): string | undefined {
  const found = /^(.*)\/entity_id\/(\d+)$/.exec(path);
  if (!found) return undefined;
  const piece = pieceAt(config, found[1] ?? '');
  const id = piece ? idsOf(piece.entity_id)[Number(found[2])] : undefined;
  return id && say.entities(id);
}

interface Props {
  trace: Trace;
  config: Config;
  node: Node | undefined;
  nodes: ReadonlySet<string>;
  /** Null: nobody debugs. */
  debug: Debugger | null;
}

export function StepDetails({ trace, config, node, nodes, debug }: Props) {
  const { t, i18n } = useTranslation('automations');
  const say = useSay();
  const [round, setRound] = useState<{ path: string; index: number } | null>(null);
  if (!node) return <p className={styles.quiet}>{t('traces.choose')}</p>;
  const executions = trace.trace[node.path] ?? [];
  const index = round?.path === node.path ? Math.min(round.index, executions.length - 1) : executions.length - 1;
  const step = executions[index];
  const steps = inOrder(trace);
  const inside = within(trace, node.path, nodes);
  const title = node.text ? t(node.text.key, node.text.options ?? {}) : node.piece ? (node.role === 'option' ? String((node.piece.alias as string | undefined) ?? '') : say.piece(node.role === 'start' ? 'trigger' : node.role, node.piece)) : '';

  return (
    <div className={styles.details}>
      <h3>{title}</h3>
      <p className={styles.quiet}>{t(debug?.waiting.some((each) => each.path === node.path && each.runId === trace.run_id) ? 'debug.waitsHere' : stateKey(node))}</p>
      {debug?.isOn && node.role === 'action' && <Switch label={t('debug.breakpoint')} value={debug.breakpoints.has(node.path)} onChange={() => debug.toggle(node.path)} />}
      {executions.length > 1 && (
        <Select
          label={t('traces.round')}
          options={executions.map((each, number) => ({ value: String(number), label: t('traces.roundNumber', { number: number + 1, count: executions.length }), text: formatTime(Date.parse(each.timestamp), i18n.language, 'seconds') }))}
          value={String(index)}
          onChange={(next) => setRound({ path: node.path, index: Number(next) })}
        />
      )}
      {step && <Execution trace={trace} step={step} steps={steps} />}
      {inside.length > 0 && (
        <section>
          <h4>{t('traces.inside')}</h4>
          <ul className={styles.inside}>
            {inside.map((each, number) => {
              const piece = pieceAt(config, each.path);
              const isTrue = each.result?.result;
              return (
                <li key={`${each.path} ${number}`}>
                  <strong>{piece ? say.piece('condition', piece) : (entityOf(config, each.path, say) ?? each.path.slice(node.path.length + 1))}</strong>
                  {typeof isTrue === 'boolean' && <span className={isTrue ? styles.true : styles.false}>{t(isTrue ? 'traces.true' : 'traces.false')}</span>}
                  {each.error && <span className={styles.false}>{each.error}</span>}
                  <Seen step={each} />
                </li>
              );
            })}
          </ul>
        </section>
      )}
      {node.piece && (
        <details>
          <summary>{t('traces.config')}</summary>
          <Value value={node.piece} label={t('traces.config')} />
        </details>
      )}
    </div>
  );
}

/** What a condition saw, in words where the result is one that is known. */
export function Seen({ step }: { step: Step }) {
  const { t } = useTranslation('automations');
  const { result: _result, ...seen } = step.result ?? {};
  if (Object.keys(seen).length === 0) return null;
  if ('state' in seen && 'wanted_state' in seen) return <span className={styles.quiet}>{t('traces.seenState', { state: String(seen.state), wanted: String(seen.wanted_state) })}</span>;
  return <span className={styles.quiet}>{Object.entries(seen).map(([name, value]) => `${name.replaceAll('_', ' ')}: ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ')}</span>;
}
