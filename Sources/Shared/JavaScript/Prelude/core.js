(function (define, globals, host) { 'use strict'; globals.hello = 1; })
