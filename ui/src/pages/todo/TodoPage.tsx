import { mdiClipboardListOutline } from '@mdi/js';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useParams } from 'wouter';
import { EmptyState, EntityIcon, PageHeader, Select, Skeleton } from '@/components';
import { useEntitiesLoaded, useEntity, useEntityIds, useSession, useUser } from '@/data';
import { nameOf } from '@/data/words';
import { ListCard } from './ListCard';
import styles from './Todo.module.css';

export default function TodoPage() {
  const { t } = useTranslation('todo');
  const { entities } = useSession();
  const { list } = useParams<{ list?: string }>();
  const [, navigate] = useLocation();
  const user = useUser();
  const ids = useEntityIds('todo');
  const loaded = useEntitiesLoaded();
  const chosen = list && ids.includes(list) ? list : ids[0];
  return (
    <>
      <PageHeader title={t('title')} />
      {!loaded && <Skeleton height={320} radius="var(--radius)" />}
      {loaded && ids.length === 0 && (
        <EmptyState icon={mdiClipboardListOutline} title={t('empty.title')} text={t('empty.text')}>
          {user.is_admin && <Link href="/integrations">{t('empty.link')}</Link>}
        </EmptyState>
      )}
      {chosen && (
        <div className={styles.page}>
          <nav aria-label={t('lists')} className={styles.lists}>
            {ids.map((id) => (
              <Link key={id} href={`/todo/${id}`} className={styles.list} aria-current={id === chosen ? 'page' : undefined}>
                <EntityIcon entityId={id} size={20} />
                <ListName id={id} />
              </Link>
            ))}
          </nav>
          {ids.length > 1 && (
            <div className={styles.chooser}>
              <Select label={t('list')} options={ids.map((id) => ({ value: id, label: nameOf(entities.get(id), id) }))} value={chosen} onChange={(id) => navigate(`/todo/${id}`)} />
            </div>
          )}
          <ListCard key={chosen} entityId={chosen} />
        </div>
      )}
    </>
  );
}

function ListName({ id }: { id: string }) {
  const entity = useEntity(id);
  return (
    <>
      <span>{nameOf(entity, id)}</span>
      <small>{entity?.state}</small>
    </>
  );
}
