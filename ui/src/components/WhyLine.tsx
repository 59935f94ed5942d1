/** Why an entity is as it is, in a line that opens into the whole chain. Nothing while that is not known. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEntity, useSession } from '@/data/hooks';
import { useStateWords, useTitles } from '@/data/words';
import { Chain } from './Why';
import { useTriggerWords } from './triggerWords';
import styles from './Why.module.css';
import { lineOf, type Step, useWhy } from './whyChain';

export function WhyLine({ entityId }: { entityId: string }) {
  const { t } = useTranslation('why');
  const session = useSession();
  const words = useStateWords();
  const title = useTitles();
  const trigger = useTriggerWords();
  const entity = useEntity(entityId);
  const { data } = useWhy(entityId);
  const [open, setOpen] = useState(false);
  if (!data || !entity) return null;
  const word = (step: Step) => {
    const other = step.entity_id ? session.entities.get(step.entity_id) : undefined;
    return other ? words(other, step.to) : (step.to ?? '');
  };
  return (
    <details className={styles.line} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <strong>{t('title')}</strong> <span>{lineOf(data.steps, entityId, { t, word, title, trigger })}</span>
      </summary>
      {open && <Chain steps={data.steps} />}
    </details>
  );
}
