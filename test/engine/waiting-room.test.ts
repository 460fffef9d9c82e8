import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Wait, WaitingRoom } from '../../src/engine/waiting-room.ts'

function wait(signal?: AbortSignal): Wait {
  const [taken, refused, gaveUp, expired] = [vi.fn(), vi.fn(), vi.fn(), vi.fn()]
  return { timeout: 10, signal, taken, refused, gaveUp, expired }
}

describe('WaitingRoom', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const LEAVE: Record<string, (room: WaitingRoom<string>, controller: AbortController) => void> = {
    'let in': room => room.admit(() => true),
    'sent away': room => room.refuse('reason'),
    'given up by its signal': (_, controller) => controller.abort(),
    expired: () => void vi.advanceTimersByTime(10),
  }
  for (const [how, leave] of Object.entries(LEAVE)) {
    it(`leaves no timer, listener or weight behind for an item that is ${how}`, () => {
      const room = new WaitingRoom<string>()
      const controller = new AbortController()
      room.enter('a', 3, wait(controller.signal))
      expect(room.weight).toBe(3)
      leave(room, controller)
      expect(getEventListeners(controller.signal, 'abort')).toEqual([])
      expect(vi.getTimerCount()).toBe(0)
      expect(room.empty).toBe(true)
      expect(room.weight).toBe(0)
    })
  }
})
