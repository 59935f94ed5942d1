import { useTranslation } from 'react-i18next';
import { Card, Skeleton } from '@/components';
import { useCommand } from '@/data';
import { dependencies } from '../../../../../package.json';
import { Facts } from '../../parts/Rows';
import type { SystemInfo } from '../../parts/system';
import styles from './About.module.css';

const LIBRARIES = Object.keys(dependencies).sort();

export default function About() {
  const { t } = useTranslation('settings');
  const { data } = useCommand<SystemInfo>('marge/system/info');
  return (
    <>
      <Card>
        <div className={styles.brand}>
          <img src="/icons/logo.svg" width="64" height="64" alt="" />
          <div>
            <strong>Marge</strong>
            <span>{t('about.text')}</span>
          </div>
        </div>
        {data ? (
          <Facts
            facts={[
              [t('about.version'), data.version],
              [t('about.api'), t('about.apiText', { version: data.ha_version })],
            ]}
          />
        ) : (
          <Skeleton height={60} />
        )}
      </Card>
      <Card title={t('about.private')}>
        <p className={styles.text}>{t('about.privateText')}</p>
      </Card>
      <Card title={t('about.libraries')}>
        <p className={styles.text}>{t('about.librariesText')}</p>
        <ul className={styles.list}>
          {LIBRARIES.map((name) => (
            <li key={name}>
              <a href={`https://www.npmjs.com/package/${name}`} target="_blank" rel="noreferrer">
                {name}
              </a>
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}
