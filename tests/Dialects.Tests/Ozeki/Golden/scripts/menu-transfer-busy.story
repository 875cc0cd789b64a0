script menu.ozml
keys 2@1s
busy 204

  0.000  Request: POST http://app.test/ivr/script NotificationName=IncomingCall&CallId=02Al26WS&CallerID=%2B3615550100&CallerDisplayName=%C3%81gnes+%26+Co&Dialed=%2B3615550199&ApiExtension=900
  0.000  Answered: the call is answered
  0.000  Hears: "Press one for opening hours, two to reach a person."
  1.000  Key: 2
  1.000  Stopped: the audio stops
  1.000  Asked: rings 204
  4.000  Error: 402 Call connect to '204' failed with result state 'Busy'
  4.000  Hears: "Nobody is free. Please call later."
  6.210  Ended: the script hangs up: Hangup, line 16
