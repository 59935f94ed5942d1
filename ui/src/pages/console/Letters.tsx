/** Dead letters: what reached nobody, to be read and sent again. */

import { useEffect, useState } from 'react';
import { mdiDeleteOutline, mdiEmailCheckOutline, mdiSendOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner, Button, Card, Chip, ConfirmDialog, Dialog, EmptyState, RelativeTime, SearchField, Skeleton } from '@/components';
import { asApiError, formatTime, useCommand, useConnected, useSession } from '@/data';
import styles from './Console.module.css';
import { parts } from './format';
import { useReason, useSaid } from './said';
import { Stack } from './Stack';
import type { Letter, LetterDetail, Letters as Answer } from './types';

/** `total`: asked again when it grows. */
export function Letters({ total }: { total: number | null }) {
  const { t } = useTranslation('console');
  const session = useSession();
  const connected = useConnected();
  const said = useSaid();
  const inWords = useReason();
  const [filter, setFilter] = useState('');
  const [open, setOpen] = useState<number | null>(null);
  const [clearing, setClearing] = useState(false);
  const { data, error, reload } = useCommand<Answer>('marge/console/dead_letters', { filter, limit: 200 });
  useEffect(reload, [total, reload]);
  const clear = async () => {
    try {
      toast.ok(said((await session.command<{ text: string }>('marge/console/dead_letters/clear')).text));
      reload();
    } catch (problem) {
      toast.error(said(asApiError(problem).message));
    }
    setClearing(false);
  };
  if (error && !data) return <Banner kind="error" title={t('failed')} actions={<Button onPress={reload}>{t('again')}</Button>}>{error.message}</Banner>;
  if (!data) return <Skeleton height={240} radius="var(--radius)" />;
  return (
    <div className={styles.page}>
      <div className={styles.tools}>
        <SearchField label={t('letters.search')} value={filter} onChange={setFilter} />
        <Button kind="ghost" icon={mdiDeleteOutline} isDisabled={!connected || data.kept === 0} onPress={() => setClearing(true)}>{t('letters.clear')}</Button>
      </div>
      {data.rows.length === 0 ? (
        <EmptyState icon={mdiEmailCheckOutline} title={filter ? t('letters.noneFound') : t('letters.none')} text={filter ? '' : t('letters.noneText')} />
      ) : (
        <Card title={t('letters.title', { count: data.total })} flush>
          <p className={`${styles.chips} ${styles.reasons}`}>
            {Object.entries(data.by_reason).map(([reason, count]) => <Chip key={reason}>{inWords(reason)}: {count}</Chip>)}
          </p>
          <div className={styles.scroll}>
            <table className={styles.rows} aria-label={t('tab.letters')}>
              <thead>
                <tr>
                  <th scope="col">{t('letters.to')}</th>
                  <th scope="col">{t('letters.type')}</th>
                  <th scope="col">{t('letters.from')}</th>
                  <th scope="col">{t('letters.reason')}</th>
                  <th scope="col" className={styles.number}>{t('letters.when')}</th>
                </tr>
              </thead>
              <tbody>
                {data.rows.map((letter) => <LetterRow key={letter.number} letter={letter} onOpen={() => setOpen(letter.number)} />)}
              </tbody>
            </table>
          </div>
        </Card>
      )}
      {open !== null && <LetterDialog number={open} onClose={() => setOpen(null)} onDone={reload} />}
      <ConfirmDialog open={clearing} title={t('letters.clearTitle')} text={t('letters.clearText', { count: data.kept })} confirm={t('letters.clear')} danger onConfirm={() => void clear()} onClose={() => setClearing(false)} />
    </div>
  );
}

function LetterRow({ letter, onOpen }: { letter: Letter; onOpen: () => void }) {
  const { t } = useTranslation('console');
  const inWords = useReason();
  const [name, before] = parts(letter.path);
  return (
    <tr>
      <th scope="row">
        <button type="button" className={styles.nameButton} onClick={onOpen} aria-label={t('letters.read', { path: letter.path })}>{name}</button>
        <span className={styles.remark}>{before}</span>
      </th>
      <td className={styles.mono}>{letter.type}</td>
      <td data-label={t('letters.from')}>{letter.sender ?? t('letters.noSender')}</td>
      <td>{inWords(letter.reason)}</td>
      <td className={styles.number}><RelativeTime at={letter.time * 1000} /></td>
    </tr>
  );
}

function LetterDialog({ number, onClose, onDone }: { number: number; onClose: () => void; onDone: () => void }) {
  const { t, i18n } = useTranslation('console');
  const session = useSession();
  const said = useSaid();
  const inWords = useReason();
  const [busy, setBusy] = useState(false);
  const { data, error } = useCommand<LetterDetail>('marge/console/dead_letter', { number });
  const alive = data?.receiver_state === 'running' || data?.receiver_state === 'paused';
  const resend = async () => {
    setBusy(true);
    try {
      toast.ok(said((await session.command<{ text: string }>('marge/console/dead_letters/resend', { number })).text));
      onDone();
      onClose();
    } catch (problem) {
      toast.error(said(asApiError(problem).message));
    }
    setBusy(false);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={data ? data.type : t('letters.one')}
      label={t('letters.one')}
      footer={<Button kind="primary" icon={mdiSendOutline} busy={busy} isDisabled={!data?.can_resend || !alive} onPress={() => void resend()}>{t('letters.resend')}</Button>}
    >
      {error && <Banner kind="error">{error.message}</Banner>}
      {!data && !error && <Skeleton height={160} />}
      {data && (
        <>
          <dl className={styles.facts}>
            <div><dt>{t('letters.to')}</dt><dd>{data.path}</dd></div>
            <div><dt>{t('letters.from')}</dt><dd>{data.sender ?? t('letters.noSender')}</dd></div>
            <div><dt>{t('letters.reason')}</dt><dd>{inWords(data.reason)}</dd></div>
            <div><dt>{t('letters.when')}</dt><dd>{formatTime(data.time * 1000, i18n.language, 'seconds')}</dd></div>
          </dl>
          {Object.keys(data.fields).length > 0 ? (
            <dl className={styles.fields}>
              {Object.entries(data.fields).map(([name, value]) => <div key={name}><dt>{name}</dt><dd><code>{value}</code></dd></div>)}
            </dl>
          ) : <Stack label={t('letters.one')} text={data.message} />}
          {!data.can_resend && <p className={styles.dim}>{t('letters.tooLarge')}</p>}
          {data.can_resend && !alive && <p className={styles.dim}>{t('letters.notAlive')}</p>}
        </>
      )}
    </Dialog>
  );
}
