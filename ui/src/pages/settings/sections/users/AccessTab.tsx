import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Banner, Card, Chip } from '@/components';
import { useCommand, useUser } from '@/data';
import { Loaded } from '../../parts/Loaded';
import { Facts } from '../../parts/Rows';
import type { SystemInfo } from '../../parts/system';
import styles from './Users.module.css';

/** How one gets in, as the files say. Nothing of it is changed here: who opens a home for a network should mean it. */
export function AccessTab() {
  const { t } = useTranslation('settings');
  const user = useUser();
  const answer = useCommand<SystemInfo>('marge/system/info');
  const chips = (texts: readonly string[]) => <span className={styles.list}>{texts.map((text) => <Chip key={text}>{text}</Chip>)}</span>;
  return (
    <Loaded answer={answer}>
      {({ login }) => (
        <div className={styles.cards}>
          {login.open && (
            <Banner kind="warn" title={t('access.open')}>
              {t('access.openText')}
            </Banner>
          )}
          <Card title={t('access.title')}>
            <p className={styles.text}>
              {t('access.text')} {user.is_owner && <Link href="/settings/files/configuration.yaml">{t('access.edit')}</Link>}
            </p>
            <Facts
              facts={[
                [t('access.networks'), login.trusted_networks ? chips(login.trusted_networks.networks) : t('access.noNetworks')],
                [t('access.restricted'), login.trusted_networks?.restricted.length ? chips(login.trusted_networks.restricted) : null],
                [t('access.bypass'), login.trusted_networks ? t(login.trusted_networks.bypass ? 'yes' : 'no') : null],
                [t('access.ban'), login.ban_after === null ? t('access.noBan') : t('access.banAfter', { count: login.ban_after })],
                [t('access.proxies'), login.trusted_proxies.length ? chips(login.trusted_proxies) : t('access.noProxies')],
                [t('access.encrypted'), t(login.encrypted ? 'access.encryptedYes' : 'access.encryptedNo')],
              ]}
            />
          </Card>
        </div>
      )}
    </Loaded>
  );
}
