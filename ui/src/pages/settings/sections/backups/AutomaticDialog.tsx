import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Dialog, FilterChip, NumberField, Select, Switch, TextField } from '@/components';
import { useConnected, useSession } from '@/data';
import { Fields } from '../../parts/Rows';
import { useAct } from '../../parts/useAct';
import styles from './Backups.module.css';
import { newKey } from './key';
import { AGENT, type BackupConfig, USUAL_TIME } from './types';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const USUAL_COPIES = 7;

export function AutomaticDialog({ config, onClose, onDone }: { config: BackupConfig; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('settings');
  const session = useSession();
  const connected = useConnected();
  const { busy, error, act } = useAct(true);
  const wasOff = config.schedule.recurrence === 'never';
  const [recurrence, setRecurrence] = useState<string>(wasOff ? 'daily' : config.schedule.recurrence);
  const [days, setDays] = useState<readonly string[]>(config.schedule.days);
  const [time, setTime] = useState((config.schedule.time ?? USUAL_TIME).slice(0, 5));
  const [copies, setCopies] = useState<number | null>(wasOff && !config.retention.copies ? USUAL_COPIES : config.retention.copies);
  const [keptDays, setKeptDays] = useState<number | null>(config.retention.days);
  const [history, setHistory] = useState(config.create_backup.include_database);
  const [media, setMedia] = useState(config.create_backup.include_folders?.includes('media') ?? false);
  const [password, setPassword] = useState(config.create_backup.password ?? '');
  const ready = recurrence !== 'custom_days' || days.length > 0;

  const save = async () => {
    const settings = {
      automatic_backups_configured: recurrence !== 'never',
      agents: { [AGENT]: { protected: password !== '' } },
      create_backup: { agent_ids: [AGENT], include_database: history, include_folders: media ? ['media'] : null, password: password || null },
      retention: { copies, days: keptDays },
      schedule: { recurrence, days: recurrence === 'custom_days' ? DAYS.filter((day) => days.includes(day)) : [], time: `${time || USUAL_TIME}:00` },
    };
    const worked = await act(() => session.command('backup/config/update', settings), t('saved'));
    onDone();
    if (worked) onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('backups.automaticTitle')}
      dismissable={false}
      footer={
        <>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button kind="primary" busy={busy} isDisabled={!connected || !ready} onPress={() => void save()}>
            {t('save')}
          </Button>
        </>
      }
    >
      <Fields>
        {error && <Banner kind="error">{error.message}</Banner>}
        <Fields columns>
          <Select label={t('backups.when')} options={['daily', 'custom_days', 'never'].map((value) => ({ value, label: t(`backups.recurrence.${value}`) }))} value={recurrence} onChange={setRecurrence} />
          <TextField label={t('backups.time')} type="time" value={time} onChange={setTime} disabled={recurrence === 'never'} />
        </Fields>
        {recurrence === 'custom_days' && (
          <fieldset className={styles.days}>
            <legend>{t('backups.which')}</legend>
            {DAYS.map((day) => (
              <FilterChip key={day} selected={days.includes(day)} onChange={(on) => setDays(on ? [...days, day] : days.filter((each) => each !== day))}>
                {t(`days.${day}`)}
              </FilterChip>
            ))}
          </fieldset>
        )}
        <Fields columns>
          <NumberField label={t('backups.copies')} hint={t('backups.copiesHint')} value={copies} onChange={setCopies} min={1} step={1} />
          <NumberField label={t('backups.keptDays')} hint={t('backups.keptDaysHint')} value={keptDays} onChange={setKeptDays} min={1} step={1} />
        </Fields>
        <Switch label={t('backups.history')} hint={t('backups.historyHint')} value={history} onChange={setHistory} />
        <Switch label={t('backups.media')} hint={t('backups.mediaHint')} value={media} onChange={setMedia} />
        <div className={styles.row}>
          <TextField label={t('backups.key')} type="password" autoComplete="off" monospace value={password} onChange={setPassword} />
          <Button onPress={() => setPassword(newKey())}>{t('backups.newKey')}</Button>
        </div>
        <p className={styles.hint}>{t('backups.keyHint')}</p>
        {password && password !== config.create_backup.password && <Banner kind="warn">{t('backups.keyWarning')}</Banner>}
      </Fields>
    </Dialog>
  );
}
