/** How much loggers say: of each integration, or of any logger by its name. */

import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from '@/app/toasts';
import { Banner, Button, Card, type Column, DataTable, Menu, SearchField, Select, Skeleton, TextField } from '@/components';
import { asApiError, useCommand, useConnected, useSession } from '@/data';
import { useTitles } from '@/data/words';
import { LEVELS, levelName } from './log';
import styles from './Logs.module.css';

interface Info {
  domain: string;
  level: number;
}

const keyOf = (row: Info) => row.domain;

export function LevelsTab() {
  const { t } = useTranslation('logs');
  const session = useSession();
  const titleOf = useTitles();
  const connected = useConnected();
  const list = useCommand<Info[]>('logger/log_info', {}, ['logging_changed']);
  const [filter, setFilter] = useState('');
  const [name, setName] = useState('marge.bridges.mqtt');
  const [level, setLevel] = useState<string>('DEBUG');
  const [persistence, setPersistence] = useState('none');
  const [busy, setBusy] = useState(false);

  const columns = useMemo<Column<Info>[]>(() => {
    const set = async (domain: string, next: string) => {
      try {
        await session.command('logger/integration_log_level', { integration: domain, level: next, persistence: 'none' });
        toast.ok(t('set', { name: titleOf(domain), level: t(`levels.${next}`) }));
        list.reload();
      } catch (error) {
        toast.error(asApiError(error).message);
      }
    };
    return [
      { id: 'name', label: t('integration'), value: (row) => titleOf(row.domain) },
      { id: 'level', label: t('level'), value: (row) => t(`levels.${levelName(row.level)}`), width: '150px' },
      {
        id: 'menu', label: '', value: () => '', sortable: false, width: '60px',
        cell: (row) => <Menu label={t('change', { name: titleOf(row.domain) })} entries={LEVELS.map((each) => ({ id: each, label: t(`levels.${each}`), selected: levelName(row.level) === each, run: () => void set(row.domain, each) }))} />,
      },
    ];
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only `reload` of the answer is used, which stays the same
  }, [t, session, titleOf, list.reload]);

  const apply = async () => {
    setBusy(true);
    try {
      await session.command('logger/log_level', { module: name.trim(), level, persistence });
      toast.ok(t('set', { name: name.trim(), level: t(`levels.${level}`, { defaultValue: level }) }));
      list.reload();
    } catch (error) {
      toast.error(asApiError(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.tab}>
      <Card title={t('one')}>
        <p className={styles.quiet}>{t('oneText')}</p>
        <div className={styles.form}>
          <TextField label={t('logger')} value={name} onChange={setName} />
          <Select label={t('level')} options={[...LEVELS, 'NOTSET'].map((each) => ({ value: each, label: t(`levels.${each}`) }))} value={level} onChange={setLevel} />
          <Select label={t('howLong')} options={['none', 'once', 'permanent'].map((each) => ({ value: each, label: t(`persistence.${each}`) }))} value={persistence} onChange={setPersistence} />
          <Button kind="primary" busy={busy} isDisabled={!connected || !name.trim()} onPress={() => void apply()}>
            {t('apply')}
          </Button>
        </div>
      </Card>
      {list.error && <Banner kind="error" title={t('failed')}>{list.error.message}</Banner>}
      <SearchField label={t('findIntegration')} value={filter} onChange={setFilter} />
      {list.data ? <DataTable label={t('tabs.levels')} rows={list.data} rowKey={keyOf} columns={columns} filter={filter} /> : !list.error && <Skeleton height={320} radius="var(--radius)" />}
    </div>
  );
}
