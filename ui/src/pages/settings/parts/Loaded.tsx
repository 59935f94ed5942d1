import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Button, Skeleton } from '@/components';
import type { ApiError } from '@/data';

interface Props<T> {
  answer: { data: T | undefined; error: ApiError | null; reload: () => void };
  height?: number;
  children: (data: T) => ReactNode;
}

/** What the server answered: a skeleton before, its words and another try when it refuses. */
export function Loaded<T>({ answer: { data, error, reload }, height = 180, children }: Props<T>) {
  const { t } = useTranslation('settings');
  if (data !== undefined) return children(data);
  if (!error) return <Skeleton height={height} radius="var(--radius)" />;
  return (
    <Banner kind="error" title={t('failed')} actions={<Button onPress={reload}>{t('again')}</Button>}>
      {error.message}
    </Banner>
  );
}
