import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { renderWith } from '@/test/session';
import { PasswordCard } from './PasswordCard';
import { ofKind, type RefreshToken } from './refreshTokens';
import { pictureOf, SecondFactor } from './SecondFactor';

const token = (id: string, more: Partial<RefreshToken> = {}): RefreshToken => ({
  id, type: 'normal', client_id: null, client_name: null, created_at: '2026-01-01T00:00:00+00:00', expire_at: null, is_current: false, last_used_at: null, last_used_ip: null, ...more,
});

describe('log-ins', () => {
  it('stand with this device first, then what was used last', () => {
    const all = [token('old'), token('new', { last_used_at: '2026-05-01T00:00:00+00:00' }), token('here', { is_current: true }), token('script', { type: 'long_lived_access_token' })];
    expect(ofKind(all, 'normal').map((each) => each.id)).toEqual(['here', 'new', 'old']);
  });
});

describe('a second factor', () => {
  it('is drawn as a picture that stands for itself', () => {
    expect(decodeURIComponent(pictureOf('<svg width="4"/>'))).toContain('<svg xmlns="http://www.w3.org/2000/svg" width="4"/>');
  });

  it('is believed once a code fits; a wrong one may be corrected', async () => {
    let tries = 0;
    const step = { type: 'form', flow_id: 'f', description_placeholders: { code: 'SECRET', url: '', qr_code: '<svg/>' } };
    const { connection } = await renderWith(<SecondFactor />, {
      user: { mfa_modules: [{ id: 'totp', name: 'TOTP', enabled: false }] },
      answers: {
        'auth/current_user': { mfa_modules: [{ id: 'totp', name: 'TOTP', enabled: false }] },
        'auth/setup_mfa': (message: { flow_id?: string }) => {
          if (!message.flow_id) return step;
          tries += 1;
          return tries === 1 ? { ...step, errors: { base: 'invalid_code' } } : { type: 'create_entry', flow_id: 'f' };
        },
      },
    });
    await userEvent.click(await screen.findByRole('button', { name: 'Set up' }));
    await userEvent.type(await screen.findByLabelText('Code from the app'), '123456');
    await userEvent.click(screen.getByRole('button', { name: 'Finish' }));
    expect(await screen.findByText(/That code does not fit/)).toBeInTheDocument();
    await userEvent.type(screen.getByLabelText('Code from the app'), '654321');
    await userEvent.click(screen.getByRole('button', { name: 'Finish' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(connection.sent.at(-1)?.type === 'auth/current_user' || tries === 2).toBe(true);
  });
});

describe('the password', () => {
  it('says what is wrong and keeps what was typed', async () => {
    await renderWith(<PasswordCard />, {
      user: { credentials: [{ auth_provider_type: 'homeassistant', auth_provider_id: null }] },
      answers: {
        'config/auth_provider/homeassistant/change_password': () => {
          throw { code: 'invalid_current_password', message: 'Invalid current password' };
        },
      },
    });
    await userEvent.click(screen.getByRole('button', { name: 'Change the password' }));
    await userEvent.type(screen.getByLabelText('Present password'), 'wrong');
    await userEvent.type(screen.getByLabelText('New password'), 'long enough');
    await userEvent.type(screen.getByLabelText('New password, once more'), 'long enough');
    await userEvent.click(screen.getByRole('button', { name: 'Save the password' }));
    expect(await screen.findByText('That is not your present password.')).toBeInTheDocument();
    expect(screen.getByLabelText('New password')).toHaveValue('long enough');
  });
});
