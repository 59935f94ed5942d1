/** The latest lines as they are, of the whole server or of one device's own log; follows the end until one scrolls up. */

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { mdiTextBoxOutline } from '@mdi/js';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useTranslation } from 'react-i18next';
import { Banner, Button, EmptyState, Select, Skeleton, Switch } from '@/components';
import { type ApiError, asApiError, useSession } from '@/data';
import { useLogLines } from '@/data/logLines';
import { fitting, linesOf } from './log';
import styles from './Logs.module.css';
import { usePolled } from './usePolled';

/** A device's own log, which cannot be followed. */
const EVERY_MS = 3000;

interface EsphomeDevice {
  name: string;
  friendly_name?: string | null;
}

/** Devices that keep a log of their own. */
function useChannels(): { value: string; label: string }[] {
  const { t } = useTranslation('logs');
  const session = useSession();
  const [devices, setDevices] = useState<readonly EsphomeDevice[]>([]);
  useEffect(() => {
    let wanted = true;
    session.rest<{ devices?: EsphomeDevice[] }>('/api/integrations/esphome').then(
      (found) => wanted && setDevices(found.devices ?? []),
      () => undefined, // a home without them has no more than the server's own log
    );
    return () => {
      wanted = false;
    };
  }, [session]);
  return [{ value: '', label: t('server') }, ...devices.map((device) => ({ value: device.name, label: t('device', { name: device.friendly_name || device.name }) }))];
}

/** ESPHome's letters and words as the server's own. */
const levelOf = (word: string): string => ({ E: 'ERROR', W: 'WARNING', I: 'INFO', C: 'INFO' })[word.charAt(0).toUpperCase()] ?? 'DEBUG';

/** The lines of a device's own log, asked for again and again; `channel` "": nothing is asked for. */
function useDeviceLines(channel: string): { text: string | null; error: ApiError | null; read: () => void } {
  const session = useSession();
  const [told, setTold] = useState<{ of: string; text: string } | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const read = useCallback(() => {
    if (!channel) return;
    session.rest<{ lines: { level: string; component: string; text: string }[] }>(`/api/integrations/esphome/${encodeURIComponent(channel)}/log`).then(
      ({ lines }) => {
        const next = lines.map(({ level, component, text }) => `${channel} ${levelOf(level)} [${component}] ${text}`).join('\n');
        setTold((before) => (before?.of === channel && before.text === next ? before : { of: channel, text: next }));
        setError(null);
      },
      (problem: unknown) => setError(asApiError(problem)),
    );
  }, [session, channel]);
  useEffect(read, [read]);
  usePolled(read, EVERY_MS);
  return { text: told?.of === channel ? told.text : null, error: channel ? error : null, read };
}

export function RawTab({ levels, search }: { levels: ReadonlySet<string>; search: string }) {
  const { t } = useTranslation('logs');
  const channels = useChannels();
  const [channel, setChannel] = useState('');
  const [follow, setFollow] = useState(true);
  const device = useDeviceLines(channel);
  const server = useLogLines({ wanted: !channel });
  const error = channel ? device.error : server.error;
  const text = channel ? device.text : server.log;
  const lines = useMemo(() => (text === null ? [] : fitting(typeof text === 'string' ? linesOf(text) : text.lines.flatMap(linesOf), levels, search)), [text, levels, search]);
  const place = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- the virtualizer's functions are called while rendering only
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => place.current, estimateSize: () => 22, overscan: 20 });
  useEffect(() => {
    if (follow && lines.length) virtual.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [follow, lines, virtual]);

  return (
    <>
      <div className={styles.bar}>
        {!channel && <p className={styles.live}>{t('live')}{server.log?.skipped ? ` ${t('skipped', { count: server.log.skipped })}` : ''}</p>}
        {channels.length > 1 && <Select label={t('channel')} options={channels} value={channel} onChange={setChannel} />}
        <Switch label={t('follow')} value={follow} onChange={setFollow} />
      </div>
      {error && (
        <Banner kind="error" title={t('failed')} actions={channel ? <Button onPress={device.read}>{t('again')}</Button> : undefined}>
          {error.message}
        </Banner>
      )}
      {text === null && !error && <Skeleton height={360} radius="var(--radius)" />}
      {text !== null && lines.length === 0 && <EmptyState icon={mdiTextBoxOutline} title={t('noLines.title')} text={t('noLines.text')} />}
      {lines.length > 0 && (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls: the keyboard must reach it
        <div ref={place} className={styles.raw} role="log" aria-label={t('tabs.raw')} aria-live="off" tabIndex={0} onWheel={(event) => event.deltaY < 0 && setFollow(false)}>
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {virtual.getVirtualItems().map((item) => {
              const line = lines[item.index]!;
              return (
                <div key={item.key} ref={virtual.measureElement} data-index={item.index} className={`${styles.rawLine} ${line.level ? styles[line.level.toLowerCase()] : ''}`} style={{ transform: `translateY(${item.start}px)` }}>
                  {line.text}
                </div>
              );
            })}
          </div>
        </div>
      )}
    </>
  );
}
