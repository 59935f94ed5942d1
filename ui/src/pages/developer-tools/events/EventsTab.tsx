import { useEffect, useRef, useState } from 'react';
import { mdiDeleteSweepOutline, mdiEarHearing, mdiPause, mdiPlay, mdiSendOutline, mdiStop } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner, Button, Card, Chip, EmptyState, IconButton, SearchField, TextField, YamlEditor } from '@/components';
import { asApiError, useConnected, useSession, useSubscription } from '@/data';
import { formatTime } from '@/data/words';
import styles from '../Tools.module.css';
import { useDraft } from '../useDraft';
import { fits, type HeardEvent, MOST, withHeard } from './heard';

const FLUSH_MS = 250;

export default function EventsTab() {
  return (
    <div className={styles.columns}>
      <Fire />
      <Listen />
    </div>
  );
}

function Fire() {
  const { t } = useTranslation('developer-tools');
  const session = useSession();
  const connected = useConnected();
  const [draft, setDraft] = useDraft<{ type: string; data: unknown }>('event', { type: '', data: {} });
  const [valid, setValid] = useState(true);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const isMap = draft.data == null || (typeof draft.data === 'object' && !Array.isArray(draft.data));
  const fire = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await session.command('fire_event', { event_type: draft.type.trim(), event_data: draft.data ?? {} });
      toast.ok(t('events.fired', { type: draft.type.trim() }));
    } catch (error) {
      setProblem(asApiError(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card title={t('events.fire')}>
      <div className={styles.form}>
        <TextField label={t('events.type')} value={draft.type} onChange={(type) => setDraft({ ...draft, type })} placeholder="my_event" required />
        <div>
          <h3 className={styles.label}>{t('events.data')}</h3>
          <YamlEditor label={t('events.data')} value={draft.data} onChange={(data) => setDraft({ ...draft, data })} onValid={setValid} />
          {!isMap && <p role="alert" className={styles.wrong}>{t('states.notMap')}</p>}
        </div>
        {problem && <Banner kind="error">{problem}</Banner>}
        <div className={styles.foot}>
          <Button kind="primary" icon={mdiSendOutline} busy={busy} isDisabled={!connected || !valid || !isMap || !draft.type.trim()} onPress={() => void fire()}>
            {t('events.fire')}
          </Button>
        </div>
      </div>
    </Card>
  );
}

function Listen() {
  const { t, i18n } = useTranslation('developer-tools');
  const [type, setType] = useDraft('listen', '');
  const [to, setTo] = useState<string | null>(null);
  const [paused, setPaused] = useState(false);
  const [filter, setFilter] = useState('');
  const [heard, setHeard] = useState<readonly HeardEvent[]>([]);
  const waiting = useRef<HeardEvent[]>([]);
  const count = useRef(0);
  const refused = useSubscription<Omit<HeardEvent, 'key'>>(to === null ? null : { type: 'subscribe_events', ...(to ? { event_type: to } : {}) }, (event) => {
    count.current += 1;
    waiting.current.push({ ...event, key: count.current });
    if (waiting.current.length > MOST) waiting.current.shift();
  });
  useEffect(() => {
    if (to === null || paused) return undefined;
    const timer = setInterval(() => {
      const more = waiting.current;
      if (more.length === 0) return;
      waiting.current = [];
      setHeard((known) => withHeard(known, more));
    }, FLUSH_MS);
    return () => clearInterval(timer);
  }, [to, paused]);
  const shown = heard.filter((event) => fits(event, filter));
  return (
    <Card
      title={t('events.listen')}
      actions={
        <>
          {to !== null && <IconButton label={t(paused ? 'events.goOn' : 'events.pause')} icon={paused ? mdiPlay : mdiPause} onPress={() => setPaused(!paused)} />}
          <IconButton label={t('events.clear')} icon={mdiDeleteSweepOutline} isDisabled={heard.length === 0} onPress={() => setHeard([])} />
        </>
      }
    >
      <div className={styles.form}>
        <div className={styles.line}>
          <TextField label={t('events.listenTo')} value={type} onChange={setType} placeholder="state_changed" disabled={to !== null} />
          <Button
            icon={to === null ? mdiEarHearing : mdiStop}
            onPress={() => {
              setPaused(false);
              setTo(to === null ? type.trim() : null);
            }}
          >
            {t(to === null ? 'events.start' : 'events.stop')}
          </Button>
        </div>
        <p className={styles.quiet}>{t('events.all')}</p>
        {refused && <Banner kind="error">{refused.message}</Banner>}
        {heard.length > 0 && <SearchField label={t('events.filter')} value={filter} onChange={setFilter} />}
        {to !== null && heard.length === 0 && !refused && <EmptyState icon={mdiEarHearing} title={t('events.waiting')} text={t('events.waitingText')} />}
        {paused && <Chip tone="warn">{t('events.paused')}</Chip>}
        <ul className={styles.heard} aria-label={t('events.heard')}>
          {shown.slice(0, 100).map((event) => (
            <li key={event.key}>
              <details>
                <summary>
                  <time dateTime={event.time_fired}>{formatTime(new Date(event.time_fired), i18n.language, 'seconds')}</time> <strong>{event.event_type}</strong>{' '}
                  <span className={styles.small}>{JSON.stringify(event.data).slice(0, 120)}</span>
                </summary>
                {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls: the keyboard must reach it */}
                <pre className={styles.pre} tabIndex={0}>{JSON.stringify({ data: event.data, origin: event.origin, context: event.context }, null, 2)}</pre>
              </details>
            </li>
          ))}
        </ul>
        {shown.length > 100 && <p className={styles.quiet}>{t('events.more', { count: shown.length - 100 })}</p>}
      </div>
    </Card>
  );
}
