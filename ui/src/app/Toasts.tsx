/** The short messages, read aloud as they come: errors at once, the rest when there is a pause. */

import { mdiAlertCircleOutline, mdiCheckCircleOutline, mdiClose, mdiInformationOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { useStore } from '@/data/store';
import styles from './Toasts.module.css';
import { dismiss, toasts } from './toasts';

const ICONS = { info: mdiInformationOutline, ok: mdiCheckCircleOutline, error: mdiAlertCircleOutline };

export function Toasts() {
  const { t } = useTranslation('app');
  const shown = useStore(toasts);
  return (
    <section className={styles.region} aria-label={t('messages')}>
      {(['error', 'info'] as const).map((urgency) => (
        <div key={urgency} role={urgency === 'error' ? 'alert' : 'status'}>
          {shown
            .filter((each) => (each.kind === 'error') === (urgency === 'error'))
            .map((each) => (
              <div key={each.id} className={`${styles.toast} ${styles[each.kind]}`}>
                <Icon path={ICONS[each.kind]} />
                <span className={styles.text}>{each.text}</span>
                {each.action && (
                  <Button
                    kind="ghost"
                    onPress={() => {
                      each.action?.run();
                      dismiss(each.id);
                    }}
                  >
                    {each.action.label}
                  </Button>
                )}
                <IconButton label={t('close')} icon={mdiClose} onPress={() => dismiss(each.id)} />
              </div>
            ))}
        </div>
      ))}
    </section>
  );
}
