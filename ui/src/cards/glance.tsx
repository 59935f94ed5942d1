/** Many entities at a glance: icon, name and state each. */

import { Card } from '@/components/Card';
import { EntityIcon, StateText } from '@/components/entity';
import { useEntity } from '@/data/hooks';
import { nameOf } from '@/data/words';
import { type Action, asAction, useAction } from '@/lovelace/actions';
import type { CardModule } from '@/lovelace/host';
import { type CardConfig, idOf, rowsOf, text } from '@/lovelace/types';
import styles from './glance.module.css';

export const form: CardModule['form'] = [
  { name: 'title', selector: { text: {} } },
  { name: 'entities', selector: { entity: { multiple: true } }, required: true },
];
export const stub: CardModule['stub'] = ({ entities }) => ({ entities: entities.ids().slice(0, 4) });

function One({ entityId, name, action }: { entityId: string; name?: string | undefined; action?: Action | undefined }) {
  const entity = useEntity(entityId);
  const act = useAction();
  return (
    <button type="button" className={styles.one} onClick={() => act(action ?? { action: 'more-info' }, entityId)}>
      <span className={styles.name}>{name ?? nameOf(entity, entityId)}</span>
      <EntityIcon entityId={entityId} />
      <span className={styles.state}>
        <StateText entityId={entityId} />
      </span>
    </button>
  );
}

export default function GlanceCard({ config }: { config: CardConfig }) {
  return (
    <Card {...(text(config.title) ? { title: text(config.title) } : {})}>
      <div className={styles.all}>
        {rowsOf(config).map((row, index) => {
          const id = idOf(row);
          const more = typeof row === 'string' ? {} : (row as Record<string, unknown>);
          return id ? <One key={`${index} ${id}`} entityId={id} name={text(more.name)} action={asAction(more.tap_action)} /> : null;
        })}
      </div>
    </Card>
  );
}
