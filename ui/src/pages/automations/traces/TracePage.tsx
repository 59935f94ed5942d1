/** What happened: the runs of an automation or a script, one of them step by step. */

import { useEffect, useMemo, useState } from 'react';
import { mdiBugOutline, mdiPencil, mdiPlay, mdiTransitConnectionVariant } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { Banner, Button, Card, CodeEditor, EmptyState, IconButton, PageHeader, Select, Skeleton, SkeletonPage, Tabs } from '@/components';
import { useTriggerWords } from '@/components/triggerWords';
import { useCall, useCommand, useEntity } from '@/data/hooks';
import { formatTime, nameOf } from '@/data/words';
import { resultOf, RunResult } from '../list/RunResult';
import { useSay } from '../kinds/say';
import type { Domain } from '../model/types';
import { DebugBar } from './debug/DebugBar';
import { type Debugger, useDebugger } from './debug/useDebugger';
import { graphOf } from './graph';
import { milliseconds, StepDetails } from './StepDetails';
import { Timeline } from './Timeline';
import { between, configOf, pieceAt, type Trace } from './trace';
import { TraceGraph } from './TraceGraph';
import { useTraces } from './useTraces';
import { WhyNot } from './WhyNot';
import styles from './traces.module.css';

interface Props {
  domain: Domain;
  itemId: string;
  entityId: string | undefined;
  runId: string | undefined;
}

export default function TracePage({ domain, itemId, entityId, runId }: Props) {
  const { t, i18n } = useTranslation('automations');
  const [, navigate] = useLocation();
  const entity = useEntity(entityId);
  const { traces, error } = useTraces(domain, itemId);
  const folder = domain === 'automation' ? '/automations' : '/scripts';
  const [tab, setTab] = useState('steps');
  const [step, setStep] = useState<string | null>(null);
  const say = useSay();
  const trigger = useTriggerWords();
  const call = useCall();
  const newest = `${folder}/trace/${encodeURIComponent(itemId)}`;
  const debug = useDebugger(domain, itemId, (hit) => {
    setStep(hit.path);
    setTab('steps');
    if (runId && runId !== hit.runId) navigate(`${newest}/${hit.runId}`);
  });

  const short = traces?.find((trace) => trace.run_id === runId) ?? (runId ? undefined : traces?.[0]);
  const { data, error: refused, reload } = useCommand<Trace>(short ? 'trace/get' : null, short ? { domain, item_id: itemId, run_id: short.run_id } : {});
  const latest = short && data?.run_id === short.run_id ? data : undefined;
  // A run that goes on has new steps each time that the list is asked for; one that is over does not change.
  const isOpen = latest !== undefined && latest.state !== 'stopped';
  useEffect(() => {
    if (isOpen) reload();
  }, [isOpen, traces, reload]);

  const title = entity ? nameOf(entity) : itemId;
  const header = (
    <PageHeader
      title={t('traces.title', { name: title })}
      back={folder}
      actions={
        <>
        {traces && traces.length > 0 && <IconButton label={t('debug.switch')} icon={mdiBugOutline} pressed={debug.isOn} onPress={() => debug.setOn(!debug.isOn)} />}
        <Button icon={mdiPencil} onPress={() => navigate(`${folder}/edit/${encodeURIComponent(itemId)}`)}>
          {t('menu.edit')}
        </Button>
        </>
      }
    />
  );
  if (error) {
    return (
      <>
        {header}
        <Banner kind="error" title={t('failed')}>{error.message}</Banner>
      </>
    );
  }
  if (!traces) return <SkeletonPage />;
  // A script may ask for something: it is run from its own page then.
  const run = entityId && domain === 'automation' ? () => void call('automation', 'trigger', {}, { entity_id: entityId }) : null;
  const why = domain === 'automation' ? <WhyNot entityId={entityId} traces={traces} /> : null;
  if (traces.length === 0) {
    return (
      <>
        {header}
        <EmptyState icon={mdiTransitConnectionVariant} title={t('traces.emptyTitle')} text={t(`traces.emptyText.${domain}`)}>
          {run && <Button kind="primary" icon={mdiPlay} onPress={run}>{t('menu.runNow')}</Button>}
        </EmptyState>
        {why}
      </>
    );
  }
  const waitsAt = debug.waiting[0];
  const piece = waitsAt && latest ? pieceAt(configOf(latest), waitsAt.path) : undefined;
  const waitsBefore = piece ? say.piece('action', piece) : null;
  return (
    <>
      {header}
      <div className={styles.bar}>
        <Select
          label={t('traces.run')}
          options={traces.map((trace) => ({
            value: trace.run_id,
            label: `${formatTime(Date.parse(trace.timestamp.start), i18n.language, 'seconds')} · ${t(`result.${resultOf(trace)}`)}`,
            ...(trace.trigger ? { text: trigger(trace.trigger) } : {}),
          }))}
          value={short?.run_id ?? null}
          placeholder={t('traces.gone')}
          onChange={(next) => navigate(`${newest}/${next}`)}
        />
        {short && (
          <div className={styles.outcome} role="status">
            <RunResult trace={short} />
            {short.trigger && <span>{t('traces.because', { trigger: trigger(short.trigger) })}</span>}
            {short.timestamp.finish && <span>{t('traces.lasted', { time: milliseconds(between(short.timestamp.start, short.timestamp.finish), i18n.language) })}</span>}
            {runId && traces[0] && traces[0].run_id !== runId && (
              <Button small kind="ghost" onPress={() => navigate(newest)}>
                {t('traces.newest')}
              </Button>
            )}
          </div>
        )}
      </div>
      {debug.isOn && <DebugBar debug={debug} step={waitsBefore} onRun={run} />}
      {short?.error && <Banner kind="error" title={t('traces.failed')}>{short.error}</Banner>}
      {refused && <Banner kind="error" title={t('failed')}>{refused.message}</Banner>}
      {!short && <Banner kind="info" title={t('traces.gone')}>{t('traces.goneText')}</Banner>}
      <Tabs
        label={t('traces.views')}
        value={tab}
        onChange={setTab}
        tabs={[
          { id: 'steps', label: t('traces.steps'), content: latest ? <Steps domain={domain} trace={latest} step={step} onStep={setStep} debug={debug} /> : <Skeleton height={320} radius="var(--radius)" /> },
          {
            id: 'timeline', label: t('traces.timeline'),
            content: latest ? (
              <Timeline
                trace={latest}
                config={configOf(latest)}
                onSelect={(path) => {
                  setStep(path);
                  setTab('steps');
                }}
              />
            ) : null,
          },
          ...(why ? [{ id: 'why', label: t('why.title'), content: why }] : []),
          { id: 'json', label: t('traces.json'), content: latest ? <CodeEditor label={t('traces.json')} language="text" readOnly value={JSON.stringify(latest, null, 2)} onChange={() => undefined} height="70dvh" /> : null },
        ]}
      />
    </>
  );
}

function Steps({ domain, trace, step, onStep, debug }: { domain: Domain; trace: Trace; step: string | null; onStep: (path: string) => void; debug: Debugger }) {
  const config = useMemo(() => configOf(trace), [trace]);
  const graph = useMemo(() => graphOf(domain, trace, config), [domain, trace, config]);
  const paths = useMemo(() => new Set(graph.nodes.map((node) => node.path)), [graph]);
  const waiting = useMemo(() => new Set(debug.waiting.filter((each) => each.runId === trace.run_id).map((each) => each.path)), [debug.waiting, trace.run_id]);
  // What was chosen may be inside a node (a condition of an `if`): then the node around it. Without a choice: where it went wrong, or the last step.
  const around = (path: string): string | undefined => {
    let found: string | undefined = path;
    while (found && !paths.has(found)) found = found.includes('/') ? found.slice(0, found.lastIndexOf('/')) : undefined;
    return found;
  };
  const wrong = graph.nodes.find((node) => node.state === 'error') ?? graph.nodes.find((node) => node.state === 'false' && node.role !== 'option');
  const selected = (step && around(step)) ?? wrong?.path ?? (trace.last_step ? around(trace.last_step) : undefined) ?? graph.nodes[0]?.path ?? null;
  return (
    <div className={styles.panes}>
      <Card flush>
        <TraceGraph graph={graph} selected={selected} onSelect={onStep} breakpoints={debug.isOn ? debug.breakpoints : undefined} waiting={waiting} />
      </Card>
      <Card className={styles.side}>
        <StepDetails trace={trace} config={config} node={graph.nodes.find((node) => node.path === selected)} nodes={paths} debug={debug.isOn ? debug : null} />
      </Card>
    </div>
  );
}
