/** Who hears whom: a drawing, and the same as a list. */

import { useCallback, useEffect, useMemo, useState } from 'react';
import { mdiRefresh } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Banner, Button, RelativeTime, Spinner } from '@/components';
import { asApiError, useSession } from '@/data';
import styles from './Integrations.module.css';
import { place, readMap, SIZE } from './layout';
import { useEvery } from './useIntegrations';

interface Answer {
  in_progress: boolean;
  map: { type: string; value: unknown; at: number } | null;
}
const path = '/api/integrations/zigbee2mqtt/network_map';
const LOOK_MS = 4000;
const LISTED = 300;
/** With more nodes names would only cover each other: then those of plain devices are shown when one points at them. */
const NAMED = 25;
const NAMED_ROUTERS = 60;
const tone = (quality: number): string => (quality >= 150 ? 'good' : quality >= 70 ? 'fair' : 'poor');

export function ZigbeeMap({ network }: { network: string }) {
  const { t } = useTranslation('integrations');
  const session = useSession();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [making, setMaking] = useState(false);
  const [picked, setPicked] = useState<string | null>(null);
  const query = `?network=${encodeURIComponent(network)}`;

  const read = useCallback(() => {
    session.rest<Answer>(path + query).then(setAnswer, (error: unknown) => setProblem(asApiError(error).message));
  }, [session, query]);
  useEffect(read, [read]);
  // Somebody asked for it, here or elsewhere: look whether it has come.
  const waits = answer?.in_progress === true && !making;
  useEvery(LOOK_MS, useCallback(() => waits && read(), [waits, read]));

  const make = async () => {
    setMaking(true);
    setProblem(null);
    try {
      await session.rest(path, { method: 'POST', body: { type: 'raw', network } });
      setAnswer(await session.rest<Answer>(path + query));
    } catch (error) {
      setProblem(asApiError(error).message);
    }
    setMaking(false);
  };
  const drawn = useMemo(() => {
    const read = readMap(answer?.map?.value);
    if (!read) return null;
    const placed = place(read);
    return { ...read, placed, byId: new Map(placed.map((node) => [node.id, node])) };
  }, [answer]);
  const busy = making || answer?.in_progress === true;
  const heard = new Set(picked && drawn ? drawn.links.filter((link) => link.from === picked || link.to === picked).flatMap((link) => [link.from, link.to]) : []);
  return (
    <section aria-label={t('map.title')} className={styles.stack}>
      <div className={styles.chips}>
        <Button small icon={mdiRefresh} busy={making} onPress={() => void make()}>
          {t(answer?.map ? 'map.again' : 'map.make')}
        </Button>
        {answer?.map && (
          <span className={styles.quiet}>
            {t('map.made')} <RelativeTime at={answer.map.at * 1000} />
          </span>
        )}
      </div>
      {busy && (
        <p role="status" className={styles.chips}>
          <Spinner label="" /> {t('map.busy')}
        </p>
      )}
      {problem && <Banner kind="error">{problem}</Banner>}
      {answer && !answer.map && !busy && <p className={styles.quiet}>{t('map.none')}</p>}
      {drawn && (
        <>
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- on a phone it scrolls, also with the keyboard */}
          <div className={styles.mapFrame} tabIndex={0} role="group" aria-label={t('map.title')}>
            <svg viewBox={`0 0 ${SIZE} ${SIZE}`} className={styles.map} role="img" aria-label={t('map.alt', { nodes: drawn.nodes.length, links: drawn.links.length })}>
              {drawn.links.map((link) => {
                const [a, b] = [drawn.byId.get(link.from)!, drawn.byId.get(link.to)!];
                const mine = picked === null || link.from === picked || link.to === picked;
                return <line key={`${link.from} ${link.to}`} x1={a.x} y1={a.y} x2={b.x} y2={b.y} className={`${styles.link} ${styles[tone(link.quality)]} ${mine ? '' : styles.faint}`} />;
              })}
              {drawn.placed.map((node) => (
                <g key={node.id} className={picked === null || node.id === picked || heard.has(node.id) ? undefined : styles.faint} onPointerEnter={() => setPicked(node.id)} onPointerLeave={() => setPicked(null)}>
                  <circle cx={node.x} cy={node.y} r={node.kind === 'coordinator' ? 20 : node.kind === 'router' ? 13 : 9} className={styles[node.kind]} />
                  {(node.kind === 'coordinator' || node.id === picked || drawn.nodes.length <= (node.kind === 'end' ? NAMED : NAMED_ROUTERS)) && (
                    <text x={node.x} y={node.y + (node.kind === 'coordinator' ? 44 : 34)} className={styles.mapName}>
                      {node.name}
                    </text>
                  )}
                </g>
              ))}
            </svg>
          </div>
          <ul className={styles.legend}>
            {(['coordinator', 'router', 'end'] as const).map((kind) => (
              <li key={kind}>
                <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
                  <circle cx="10" cy="10" r="8" className={styles[kind]} />
                </svg>
                {t(`map.${kind}`)}
              </li>
            ))}
          </ul>
          <details className={styles.more}>
            <summary>{t('map.list', { count: drawn.links.length })}</summary>
            <ul className={styles.links}>
              {drawn.links.slice(0, LISTED).map((link) => (
                <li key={`${link.from} ${link.to}`}>
                  <span>
                    {drawn.byId.get(link.from)!.name} – {drawn.byId.get(link.to)!.name}
                  </span>
                  <span>{t('map.quality', { quality: link.quality })}</span>
                </li>
              ))}
            </ul>
          </details>
        </>
      )}
    </section>
  );
}
