import { mdiAccountOutline, mdiHomeOutline, mdiInformationOutline, mdiRobotOutline, mdiScriptTextOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { EntityIcon, Icon } from '@/components';
import { EntityLink } from '@/components/EntityLink';
import { formatTime } from '@/data/words';
import type { Entry } from './entries';
import styles from './Logbook.module.css';
import { type Speaker, whatHappened, whyItHappened } from './tell';

interface Props {
  entry: Entry;
  speaker: Speaker;
  zone: string;
}

const ICONS: Record<string, string> = { homeassistant: mdiHomeOutline, automation: mdiRobotOutline, script: mdiScriptTextOutline };

export function EntryRow({ entry, speaker, zone }: Props) {
  const { t, i18n } = useTranslation('logbook');
  const id = entry.entity_id;
  const name = entry.domain === 'homeassistant' ? 'Marge' : id ? speaker.name(id) : (entry.name ?? '');
  const cause = whyItHappened(entry, speaker);
  const at = entry.when * 1000;
  return (
    <div className={styles.entry}>
      {id && speaker.entityOf(id) ? (
        <EntityIcon entityId={id} size={20} />
      ) : (
        <span className={styles.icon}>
          <Icon path={ICONS[entry.domain ?? ''] ?? mdiInformationOutline} size={20} />
        </span>
      )}
      <p className={styles.text}>
        <strong>{id ? <EntityLink quiet entityId={id}>{name}</EntityLink> : name}</strong>{' '}
        {whatHappened(entry, speaker)}
        {cause && (
          <span className={styles.cause}>
            {entry.context_user_id && <Icon path={mdiAccountOutline} size={16} className={styles.person} />}
            {cause.entityId ? (
              <EntityLink quiet entityId={cause.entityId}>
                {cause.text}
              </EntityLink>
            ) : (
              cause.text
            )}
          </span>
        )}
      </p>
      <time className={styles.time} dateTime={new Date(at).toISOString()} title={formatTime(at, i18n.language, 'seconds', zone)} aria-label={t('at', { time: formatTime(at, i18n.language, 'time', zone) })}>
        {formatTime(at, i18n.language, 'time', zone)}
      </time>
    </div>
  );
}
