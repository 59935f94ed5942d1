import { mdiDevices, mdiRadar } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { useCommand, useDevices, useSession } from '@/data/hooks';
import { useStore } from '@/data/store';
import { prettify } from '@/data/words';
import styles from '../Entrance.module.css';

interface Flow {
  flow_id: string;
  handler: string;
  context: { source: string; title_placeholders?: { name?: string } };
}

export function FoundStep({ busy, onDone }: { busy: boolean; onDone: () => void }) {
  const { t } = useTranslation('app');
  const texts = useStore(useSession().texts);
  const flows = useCommand<Flow[]>('config_entries/flow/progress', {}, ['config_entry_discovered']);
  const things = [...useDevices().values()].filter((device) => device.entry_type !== 'service').length;
  return (
    <>
      <h1>{t('welcome.found.title')}</h1>
      <p className={styles.lead}>{t(flows.data?.length ? 'welcome.found.text' : 'welcome.found.nothing')}</p>
      <ul className={styles.found}>
        {things > 0 && (
          <li>
            <Icon path={mdiDevices} />
            <span className={styles.name}>{t('welcome.found.things', { count: things })}</span>
          </li>
        )}
        {flows.data?.map((flow) => (
          <li key={flow.flow_id}>
            <Icon path={mdiRadar} />
            <span className={styles.name}>
              {flow.context.title_placeholders?.name ?? texts[`component.${flow.handler}.title`] ?? prettify(flow.handler)}
              <small>{texts[`component.${flow.handler}.title`] ?? prettify(flow.handler)}</small>
            </span>
          </li>
        ))}
      </ul>
      <div className={styles.buttons}>
        <Button kind="primary" busy={busy} onPress={onDone} autoFocus>
          {t('welcome.finish')}
        </Button>
      </div>
    </>
  );
}
