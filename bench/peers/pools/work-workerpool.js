import { worker } from 'workerpool'
import { hold, pass, spin } from './work.js'

worker({ hold, pass, spin })
